import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { Hono } from "hono";
import { html } from "hono/html";
import type { Browser } from "playwright-core";
import { listen } from "../../src/listen.ts";
import { openAppServer } from "../support/app-server.ts";
import { openBrowser } from "../support/browser.ts";
import { openHouse } from "../support/house.ts";
import { heading, openPerson, press, signIn } from "../support/person.ts";
import { worldOf } from "../support/world.ts";

// What another site can make a browser do, and what the browser then refuses or leaves out.

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

/** A site that sends whatever form it likes, by a button or at once, to wherever its address says. */
async function openEvilSite(t: TestContext): Promise<string> {
  const pages = new Hono();
  pages.get("/form", (c) => {
    const { to = "", ...fields } = c.req.query();
    const inputs = Object.entries(fields).map(([name, value]) => html`<input name="${name}" value="${value}">`);
    return c.html(html`<!doctype html><title>Evil</title>
<form method="post" action="${to}">${inputs}<button>Win a prize</button></form>`);
  });
  pages.get("/frame", (c) =>
    c.html(html`<!doctype html><title>Evil</title><iframe src="${c.req.query("to") ?? ""}"></iframe>`),
  );
  const { port, stop } = await listen(pages, { host: "127.0.0.1", port: 0 });
  t.after(() => stop(0));
  return `http://evil.localhost:${port}`;
}

async function openWorld(t: TestContext) {
  const house = await openHouse({ listening: true });
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation());
  const server = await openAppServer(t, house);
  const person = await openPerson(t, browser, house);
  await person.page.goto(`${server.origin}/login`);
  await signIn(person.page, user);
  await heading(person.page, "Allow Example app?");
  return { house, world, user, server, person, evil: await openEvilSite(t) };
}

test("a form that another site sends is refused, and comes without cookies", async (t) => {
  const { house, world, user, server, person, evil } = await openWorld(t);
  const stranger = await world.addUser(user.installation, { firstName: "Mallory" });
  const request = (await person.page.locator("[name=request]").first().getAttribute("value")) ?? "";
  const tab = await person.newTab();

  for (const [path, fields] of Object.entries({
    "/login/sign-in": { request, email: stranger.email, password: stranger.password },
    "/login/consent": { request, decision: "allow" },
    "/login/continue": { request },
    "/login/switch": { request },
    "/logout": {},
  })) {
    await tab.goto(`${evil}/form?${new URLSearchParams({ ...fields, to: `${house.config.url}${path}` })}`);
    const [answer] = await Promise.all([
      tab.waitForResponse(`${house.config.url}${path}`),
      tab.getByRole("button", { name: "Win a prize" }).click(),
    ]);
    assert.equal(answer.status(), 403, path);
    assert.equal((await answer.request().allHeaders()).cookie, undefined, path);
    await tab.getByText("This form was not sent from our own page").waitFor();
  }

  assert.deepEqual(server.callbacks, []);
  await tab.goto(house.config.url);
  await tab.getByText(user.email).waitFor(); // signed in as before
  await press(person.page, "Allow"); // and the page that was open still works
  await heading(person.page, "Hello Dana of Acme US");
});

test("no page can be framed by another site", async (t) => {
  const { house, person, evil, server } = await openWorld(t);
  const tab = await person.newTab();
  const { url } = await server.client.startLogin();

  for (const address of [url, house.config.url, `${house.config.url}/login/forgot-password`, `${house.config.url}/x`]) {
    const refused = tab.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
    await tab.goto(`${evil}/frame?to=${encodeURIComponent(address)}`);
    await refused;
    await tab.frames()[1]?.waitForURL(/^chrome-error:/, { waitUntil: "commit" });
  }
});

test("the cookies are out of reach of scripts and of other sites' forms", async (t) => {
  const { house, person } = await openWorld(t);
  const cookies = await person.context.cookies(house.config.url);

  assert.deepEqual(
    cookies
      .map(({ name, httpOnly, sameSite, path }) => ({ name, httpOnly, sameSite, path }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    ["latchkey-browser", "latchkey-session"].map((name) => ({ name, httpOnly: true, sameSite: "Lax", path: "/" })),
  );
  assert.equal(await person.page.evaluate(() => document.cookie), "");
});
