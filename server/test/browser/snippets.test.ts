import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { type Context, Hono } from "hono";
import type { Browser } from "playwright-core";
import { listen } from "../../src/listen.ts";
import { snippetsFor } from "../../src/pages/snippets/snippets.ts";
import { openBrowser } from "../support/browser.ts";
import { openHouse } from "../support/house.ts";
import { heading, openPerson, press, signIn } from "../support/person.ts";
import { worldOf } from "../support/world.ts";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

const SDK = join(import.meta.dirname, "../../../sdk/src");

/** A single page app that is nothing but the snippet, on a site of its own. */
async function openPageApp(t: TestContext) {
  const house = await openHouse({ listening: true });
  const pages = new Hono();
  const { port, stop } = await listen(pages, { host: "127.0.0.1", port: 0 });
  t.after(() => stop(0));
  const origin = `http://127.0.0.1:${port}`;
  const redirectUri = `${origin}/callback`;
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation());
  const { clientId } = await world.registerApp({
    kind: "public",
    redirectUris: [redirectUri],
    allowedOrigins: [origin],
  });
  const values = { url: house.config.url, clientId, redirectUri, confidential: false, origin };
  const snippet = snippetsFor("spa", values, [redirectUri]).find(({ id }) => id === "browser")?.text ?? "";
  const script = (c: Context, text: string) => c.body(text, 200, { "content-type": "text/javascript" });
  pages.get("/sdk/:file", (c) =>
    script(c, stripTypeScriptTypes(readFileSync(join(SDK, c.req.param("file") ?? ""), "utf8"))),
  );
  pages.get("/login.js", (c) => script(c, snippet));
  pages.get("/", (c) => c.html(page("")));
  pages.get("/callback", (c) => c.html(page(`const grant = await app.finish(); if (grant) show(grant);`)));
  const { page: window } = await openPerson(t, browser, house);
  await window.goto(origin);
  return { window, user };
}

const page = (code: string) => `<!doctype html><title>App</title><h1>App</h1>
<script type="importmap">{"imports":{"@latchkey/sdk":"/sdk/index.ts"}}</script>
<button id="redirect">By redirect</button><button id="popup">By popup</button><output></output>
<script type="module">
import * as app from "/login.js";
const show = (grant) => { document.querySelector("output").textContent = "Hello " + grant.user.firstName; };
document.getElementById("redirect").onclick = () => app.logIn();
document.getElementById("popup").onclick = async () => show(await app.logInByPopup());
${code}
</script>`;

test("the browser's snippet logs in by redirect", async (t) => {
  const { window, user } = await openPageApp(t);
  await press(window, "By redirect");
  await signIn(window, user);
  await heading(window, "Allow Example app?");
  await press(window, "Allow");
  await window.getByText("Hello Dana").waitFor();
  assert.equal(new URL(window.url()).search, "", "the code stays in no history");
});

test("the browser's snippet logs in by a popup, which it closes", async (t) => {
  const { window, user } = await openPageApp(t);
  const [popup] = await Promise.all([window.waitForEvent("popup"), press(window, "By popup")]);
  await signIn(popup, user);
  await heading(popup, "Allow Example app?");
  await Promise.all([popup.waitForEvent("close"), press(popup, "Allow")]);
  await window.getByText("Hello Dana").waitFor();
});
