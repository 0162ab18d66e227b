import assert from "node:assert/strict";
import { test } from "node:test";
import { everyPage } from "../support/every-page.ts";
import { openHouse } from "../support/house.ts";
import { loginPath } from "../support/scene.ts";
import { worldOf } from "../support/world.ts";

const STRICT = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  "img-src": "'self' data:",
  "connect-src": "'self'",
  "base-uri": "'none'",
  "frame-ancestors": "'none'",
};

async function openWorld(listening = false) {
  const house = await openHouse({ listening });
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation("US"));
  await world.addUser(await world.addInstallation("EU"), { email: user.email });
  const app = await world.registerApp();
  const nativeApp = await world.registerApp({ kind: "public", redirectUris: ["com.example.app:/done"] });
  const suspendedApp = await world.registerApp({ status: "suspended" });
  return { house, user, app, nativeApp, suspendedApp };
}

const directivesOf = (policy: string | null) =>
  Object.fromEntries(
    (policy ?? "").split(";").map((directive) => {
      const [name = "", ...values] = directive.trim().split(" ");
      return [name, values.join(" ")];
    }),
  );

/** Pages whose POST can end at an app. */
const LEADS_TO_APP = /^(sign in|choose|consent|confirm|pick an account|expired|open the app)/;

const pages = await everyPage(await openWorld());

test("no page can be framed, and none may load, run or send anything but our own", () => {
  assert.ok(pages.size >= 25);
  for (const [name, { headers }] of pages) {
    const { "form-action": formAction, ...directives } = directivesOf(headers.get("content-security-policy"));
    assert.deepEqual(directives, STRICT, name);
    if (LEADS_TO_APP.test(name))
      assert.equal(formAction, undefined, `${name}: Chromium would stop the app's redirects`);
    else assert.equal(formAction, "'self'", name);
  }
});

test("no page is kept by a cache, sniffed, or cut off from the popup's opener", () => {
  for (const [name, { headers }] of pages) {
    assert.equal(headers.get("cache-control"), "no-store", name);
    assert.equal(headers.get("x-content-type-options"), "nosniff", name);
    assert.equal(headers.get("cross-origin-opener-policy"), null, name);
    assert.match(headers.get("content-type") ?? "", /^text\/html; charset=utf-8$/i, name);
  }
});

test("no page with a form tells other sites its address, and only the one that opens an app tells nobody", () => {
  for (const [name, { headers, forms }] of pages) {
    const policy = headers.get("referrer-policy");
    if (/^open the app/.test(name)) {
      assert.equal(policy, "no-referrer", name);
      assert.deepEqual(forms, [], `${name}: a form would send Origin: null`);
    } else assert.equal(policy, "same-origin", name);
  }
});

test("no page holds a script, a style or a handler of its own: the policy would have to allow an attacker's too", () => {
  for (const [name, { html }] of pages) {
    assert.doesNotMatch(html, /<script(?![^>]* src="\/)/, name);
    assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=|javascript:/i, name);
    assert.doesNotMatch(html, /<(iframe|object|embed|base|link rel="(?!icon|stylesheet))/i, name);
  }
});

test("through a port the headers are the same, each once", async () => {
  const { house, app } = await openWorld(true);
  for (const path of [loginPath(app), loginPath(app, { client_id: "x" }), "/nothing", "/launchpad/v1/userinfo.json"]) {
    const direct = await house.fetch(path, { headers: { accept: "text/html" } });
    const real = await fetch(house.config.url + path, { headers: { accept: "text/html" } });
    assert.equal(real.status, direct.status, path);
    for (const name of ["content-security-policy", "referrer-policy", "x-content-type-options", "cache-control"])
      assert.equal(real.headers.get(name), direct.headers.get(name), `${path}: ${name}`);
    assert.equal(real.headers.get("x-powered-by"), null);
    assert.equal(real.headers.get("server"), null);
  }
});

test("on https, browsers are told to come by https only", async () => {
  const secure = await openHouse({ settings: { LATCHKEY_URL: "https://login.example.com" } });
  for (const path of ["/", "/launchpad/login", "/launchpad/v1/userinfo.json", "/nothing"])
    assert.match((await secure.fetch(path)).headers.get("strict-transport-security") ?? "", /^max-age=\d{8}$/);
  assert.equal(pages.get("sign in")?.headers.get("strict-transport-security"), null);
});
