import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, exchange, exchangeOf, newCode, openScene, postForm } from "../support/scene.ts";

const LISTED = "https://app.example.com";
const EXTENSION = "chrome-extension://abcdefghijklmnopabcdefghijklmnop";

const scene = await openScene({ allowedOrigins: [LISTED, EXTENSION] });
const { house, world, app } = scene;
const unlisted = await world.registerApp({ name: "No list", trusted: true });
const other = await world.registerApp({ name: "Other", trusted: true, allowedOrigins: ["https://other.example.com"] });

const HOSTILE = [
  "null",
  "https://evil.example",
  "https://app.example.com.evil.example",
  "http://app.example.com",
  "https://app.example.com:443",
  "https://app.example.com:8443",
  "https://app.example.com/",
  "https://APP.example.com",
  "HTTPS://app.example.com",
  "https://app.example.com https://evil.example",
  "https://app.example.com,https://evil.example",
  "https://sub.app.example.com",
  "app.example.com",
  "*",
  "",
  "https://other.example.com", // another app's
  "chrome-extension://abcdefghijklmnopabcdefghijklmnoa",
];

const buy = async (one: typeof app, origin?: string): Promise<Answer> =>
  exchange(house, exchangeOf(one, await newCode(scene, one)), origin === undefined ? {} : { headers: { origin } });

const assertNoCors = ({ headers }: { headers: Headers }, message?: string) => {
  assert.equal(headers.get("access-control-allow-origin"), null, message);
  assert.equal(headers.get("access-control-allow-credentials"), null, message);
};
const variesByOrigin = ({ headers }: { headers: Headers }) => /\borigin\b/i.test(headers.get("vary") ?? "");

test("an app with a list is answered for its origins, exactly spelled, and for nobody else", async () => {
  for (const origin of [LISTED, EXTENSION]) {
    const answer = await buy(app, origin);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("access-control-allow-origin"), origin);
    assert.equal(answer.headers.get("access-control-allow-credentials"), null);
    assert.ok(variesByOrigin(answer));
  }
  for (const origin of [...HOSTILE, undefined]) {
    const answer = await buy(app, origin);
    assert.equal(answer.status, 403, origin);
    assert.equal(answer.body.error, "origin_not_allowed", origin);
    assertNoCors(answer, origin);
    assert.ok(variesByOrigin(answer));
  }
});

test("a foreign origin does not spend the code, and learns nothing of it before the app has proven itself", async () => {
  const code = await newCode(scene, app);
  const headers = { origin: "https://evil.example" };
  assert.equal((await exchange(house, exchangeOf(app, code), { headers })).status, 403);
  const wrong = exchangeOf(app, code, { client_secret: "wrong" });
  assert.equal((await exchange(house, wrong, { headers })).body.error, "invalid_client");

  assert.equal((await exchange(house, exchangeOf(app, code), { headers: { origin: LISTED } })).status, 200);
});

test("an app without a list is not checked and gets no CORS headers", async () => {
  for (const origin of [LISTED, "null", undefined]) {
    const answer = await buy(unlisted, origin);
    assert.equal(answer.status, 200);
    assertNoCors(answer);
  }
});

test("refusals can be read by the app's own scripts too", async () => {
  const headers = { origin: LISTED };
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const refused = [
    await exchange(house, exchangeOf(app, "none"), { headers }),
    await exchange(house, exchangeOf(app, "none", { client_secret: "wrong" }), { headers }),
    await exchange(house, exchangeOf(app, "none", { grant_type: "password" }), { headers }),
    await exchange(house, exchangeOf(app, "none", { code: 7 }), { headers }),
    await postForm(house, "/oauth2/token", exchangeOf(app, "none"), { headers }),
    await postForm(house, "/oauth2/revoke", exchangeOf(app, "none"), { headers: { ...headers, ...form } }),
  ];
  for (const answer of refused) {
    assert.ok(answer.status >= 400 && answer.status < 500);
    assert.equal(answer.headers.get("access-control-allow-origin"), LISTED);
  }
  for (let tries = 0; tries < 120; tries++)
    await exchange(house, exchangeOf(app, "none"), { headers, from: "192.0.2.9" });
  const late = await exchange(house, exchangeOf(app, "none"), { headers, from: "192.0.2.9" });
  assert.equal(late.status, 429);
  assert.equal(late.headers.get("access-control-allow-origin"), LISTED);
  const unreadable = await exchange(house, "{", { headers });
  assertNoCors(unreadable, "a body that names no app");
  assert.ok(variesByOrigin(unreadable));
});

test("a preflight is answered where any app lists the origin, never with * or credentials", async () => {
  const doors: [string, string][] = [
    ["/launchpad/v1/token.json", "POST"],
    ["/launchpad/v1/token", "POST"],
    ["/oauth2/token", "POST"],
    ["/oauth2/revoke", "POST"],
    ["/launchpad/v1/userinfo.json", "GET"],
    ["/oauth2/userinfo", "GET"],
  ];
  const preflight = (path: string, origin: string | undefined, method: string) =>
    house.fetch(path, {
      method: "OPTIONS",
      headers: { ...(origin !== undefined && { origin }), "access-control-request-method": method },
    });
  for (const [path, method] of doors) {
    for (const origin of [LISTED, EXTENSION, "https://other.example.com"]) {
      const answer = await preflight(path, origin, method);
      assert.equal(answer.status, 204, path);
      assert.equal(answer.headers.get("access-control-allow-origin"), origin);
      assert.ok(answer.headers.get("access-control-allow-methods")?.split(", ").includes(method));
      assert.equal(answer.headers.get("access-control-allow-headers"), "authorization, content-type");
      assert.equal(answer.headers.get("access-control-allow-credentials"), null);
      assert.ok(variesByOrigin(answer));
    }
    for (const origin of ["https://evil.example", "null", "*", `${LISTED}/`, undefined]) {
      const answer = await preflight(path, origin, method);
      assert.equal(answer.status, 204, path);
      assertNoCors(answer, `${path} ${origin}`);
      assert.ok(variesByOrigin(answer));
    }
  }
});

test("who a token is can be read where the token's own app lists the origin", async () => {
  const { body } = await buy(app, LISTED);
  const ask = (origin: string) =>
    house.fetch("/launchpad/v1/userinfo.json", { headers: { authorization: `Bearer ${body.access_token}`, origin } });
  assert.equal((await ask(LISTED)).headers.get("access-control-allow-origin"), LISTED);
  for (const origin of ["https://other.example.com", "https://evil.example", "null"]) assertNoCors(await ask(origin));
  const bad = await house.fetch("/launchpad/v1/userinfo.json", {
    headers: { authorization: "Bearer x", origin: LISTED },
  });
  assertNoCors(bad, "nobody knows whose it is");
});

test("pages, introspection, verify and the operator's API are for no other origin's scripts", async () => {
  for (const path of ["/", "/launchpad/login", "/verify", "/admin/v1/apps", "/login/forgot-password", "/health/live"])
    assertNoCors(await house.fetch(path, { headers: { origin: LISTED } }), path);
  assertNoCors(await postForm(house, "/oauth2/introspect", { token: "x" }, { headers: { origin: LISTED } }));
  for (const path of ["/oauth2/introspect", "/verify", "/admin/v1/apps"])
    assertNoCors(await house.fetch(path, { method: "OPTIONS", headers: { origin: LISTED } }), path);
});

test("an app whose list changes is answered by the new one", async () => {
  assert.equal((await buy(other, "https://new.example.com")).status, 403);
  await house.admin("PATCH", `/apps/${other.clientId}`, { allowedOrigins: ["https://new.example.com"] });
  assert.equal((await buy(other, "https://new.example.com")).status, 200);
  assert.equal((await buy(other, "https://other.example.com")).status, 403);
});
