import assert from "node:assert/strict";
import { test } from "node:test";
import { Hono } from "hono";
import type { Config } from "../config.ts";
import { OAuthError } from "../errors.ts";
import { deriveKeys } from "../secrets.ts";
import { readForm } from "./body.ts";
import type { HttpEnv } from "./context.ts";
import { clearCookie, readCookie, setCookie } from "./cookies.ts";
import { FORM_TOKEN_FIELD, formToken, requireFormToken, requireSameOrigin } from "./csrf.ts";

const keys = deriveKeys(new Uint8Array(32));

function appAt(url: string) {
  const config = { url, trustedProxies: [] } as unknown as Config;
  const app = new Hono<HttpEnv>()
    .get("/form", (c) => c.text(formToken(c, { config, keys })))
    .post("/form", async (c) => {
      requireSameOrigin(c, { config });
      requireFormToken(c, { config, keys }, await readForm(c));
      return c.text("done");
    })
    .get("/session", (c) => c.text(readCookie(c, config, "session") ?? "none"))
    .post("/session", (c) => {
      setCookie(c, config, "session", "US.abc", { maxAgeSeconds: 60 });
      return c.text("set");
    })
    .delete("/session", (c) => {
      clearCookie(c, config, "session");
      return c.text("cleared");
    });
  app.onError((error, c) => c.text(error.message, error instanceof OAuthError ? (error.status as 403) : 500));
  return async (
    path: string,
    method = "GET",
    headers: Record<string, string> = {},
    fields: Record<string, string> = {},
  ) =>
    app.request(new URL(path, url), {
      method,
      headers,
      ...(method === "POST" && { body: new URLSearchParams(fields) }),
    });
}

/** A browser that was shown the form: its cookie, and the token that stood in it. */
async function shownForm(call: ReturnType<typeof appAt>) {
  const shown = await call("/form");
  const cookie = (shown.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  return { cookie, fields: { [FORM_TOKEN_FIELD]: await shown.text() } };
}

test("a form is taken from the browser it was shown in, and from the page it was on", async () => {
  const call = appAt("https://login.example.com");
  const { cookie, fields } = await shownForm(call);
  for (const headers of [
    {},
    { origin: "https://login.example.com" },
    { origin: "https://login.example.com", "sec-fetch-site": "same-origin" },
    { "sec-fetch-site": "none" },
  ])
    assert.equal((await call("/form", "POST", { cookie, ...headers }, fields)).status, 200, JSON.stringify(headers));
});

test("a form from another site is refused (login CSRF)", async () => {
  const call = appAt("https://login.example.com");
  const { cookie, fields } = await shownForm(call);
  for (const headers of [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "" },
    { origin: "http://login.example.com" },
    { origin: "https://login.example.com:444" },
    { origin: "https://login.example.com.evil.example" },
    { origin: "https://login.example.com", "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ])
    assert.equal((await call("/form", "POST", { cookie, ...headers }, fields)).status, 403, JSON.stringify(headers));
});

test("the page may also stand under an installation's own host", async () => {
  const call = appAt("https://login.example.com");
  const { cookie, fields } = await shownForm(call);
  const own = { cookie, host: "acme.example.com", origin: "https://acme.example.com" };
  assert.equal((await call("/form", "POST", own, fields)).status, 200);
  assert.equal((await call("/form", "POST", { ...own, origin: "https://evil.example" }, fields)).status, 403);
});

test("a form's token is worth nothing in another browser, without a cookie, or changed", async () => {
  const call = appAt("https://login.example.com");
  const mine = await shownForm(call);
  const theirs = await shownForm(call);
  assert.equal((await call("/form", "POST", { cookie: theirs.cookie }, mine.fields)).status, 403);
  assert.equal((await call("/form", "POST", {}, mine.fields)).status, 403);
  assert.equal((await call("/form", "POST", { cookie: mine.cookie }, {})).status, 403);
  assert.equal((await call("/form", "POST", { cookie: mine.cookie }, { [FORM_TOKEN_FIELD]: "x" })).status, 403);
});

test("a browser that has an id keeps it", async () => {
  const call = appAt("https://login.example.com");
  const { cookie, fields } = await shownForm(call);
  const again = await call("/form", "GET", { cookie });
  assert.equal(again.headers.get("set-cookie"), null);
  assert.equal(await again.text(), fields[FORM_TOKEN_FIELD]);
});

test("cookies are for this host, out of scripts' reach, and on https for nobody else to plant", async () => {
  const secure = (await appAt("https://login.example.com")("/session", "POST")).headers.get("set-cookie");
  assert.equal(secure, "__Host-latchkey-session=US.abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
  const local = (await appAt("http://localhost:4400")("/session", "POST")).headers.get("set-cookie");
  assert.equal(local, "latchkey-session=US.abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
  const cleared = (await appAt("http://localhost:4400")("/session", "DELETE")).headers.get("set-cookie");
  assert.match(cleared ?? "", /^latchkey-session=; Path=\/; Max-Age=0/);
});

test("of several cookies of one name the first counts, and junk is no cookie", async () => {
  const call = appAt("https://login.example.com");
  const read = async (cookie: string) => (await call("/session", "GET", { cookie })).text();
  const name = "__Host-latchkey-session";
  assert.equal(await read(`a=b; ${name}=one;  ${name}=two`), "one");
  assert.equal(await read(`x${name}=one; latchkey-session=two; ${name}`), "none");
  for (const junk of ["", '"one"', "one two", "<b>", "é", "x".repeat(600)])
    assert.equal(await read(`${name}=${junk}`), "none", junk);
});
