import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openHouse } from "../support/house.ts";

const house = await openHouse();

const PATHS = ["/apps", "/apps/x", "/regions", "/audit", "/openapi.json", "/nothing", "/apps/x/secrets/y"];

test("without the operator's token nothing is told, not even what there is", async () => {
  const answers = new Set<string>();
  for (const path of PATHS) {
    for (const method of ["GET", "POST", "DELETE", "PUT"]) {
      const answer = await house.fetch(`/admin/v1${path}`, { method });
      assert.equal(answer.status, 401, `${method} ${path}`);
      assert.equal(answer.headers.get("www-authenticate"), "Bearer");
      answers.add(await answer.text());
    }
  }
  assert.equal(answers.size, 1);
});

test("nothing but the very token opens the operator's API", async () => {
  const token = house.config.adminToken;
  for (const authorization of [
    "",
    "Bearer",
    "Bearer ",
    `Basic ${btoa(`operator:${token}`)}`,
    token,
    `Bearer ${token}x`,
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token.toUpperCase()}`,
    `Bearer ${token} ${token}`,
    `Bearer x, Bearer ${token}`,
    `Token ${token}`,
  ]) {
    const { status } = await house.fetch("/admin/v1/apps", { headers: { authorization } });
    assert.equal(status, 401, authorization);
  }
  const inQuery = await house.fetch(`/admin/v1/apps?access_token=${token}`);
  assert.equal(inQuery.status, 401);
  assert.ok(!house.logLines.join().includes(token));
});

test("an id that is none of ours is 404, whatever it looks like, and never reaches SQL", async () => {
  for (const id of [
    "0",
    "-1",
    "1.0",
    "01",
    "1e3",
    "0x1",
    "2147483648",
    "99999999999999999999",
    "%20",
    "1%27--",
    "NaN",
    "%E2%80%AE",
  ]) {
    for (const path of [
      `/regions/US/installations/${id}`,
      `/regions/US/installations/${id}/users`,
      `/regions/US/installations/1/users/${id}`,
      `/regions/US/installations/1/users/${id}/tokens`,
      `/apps/${id}`,
      `/apps/${id}/secrets`,
      `/scopes/${id}`,
      `/api-credentials/${id}`,
    ])
      assert.equal((await house.admin("GET", path)).status, 404, path);
  }
  for (const id of ["%00", "%0a", "%ff", "%"]) assert.equal((await house.admin("GET", `/apps/${id}`)).status, 400, id);
});

test("no JSON whatever makes the server fail, and what it takes it gives back", async () => {
  const member = fc.oneof(
    fc.constantFrom(
      "name",
      "redirectUris",
      "kind",
      "scopes",
      "url",
      "icon",
      "company",
      "email",
      "password",
      "__proto__",
    ),
    fc.string(),
  );
  const body = fc.dictionary(member, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 });
  const collections = ["/apps", "/regions/US/installations", "/api-credentials", "/scopes"];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...collections), body, async (path, value) => {
      const { status, body: answer } = await house.admin("POST", path, value);
      assert.ok(status === 201 || status === 409 || status === 422, `${status} ${JSON.stringify(value)}`);
      if (status === 422) assert.ok(answer.errors.length > 0);
    }),
    { numRuns: 200 },
  );
});

test("no merge patch whatever makes the server fail or loses the row", async () => {
  const { body: app } = await house.admin("POST", "/apps", { name: "Prey", redirectUris: ["https://a.example/"] });
  const place = await house.admin("POST", "/regions/US/installations", { name: "Prey", url: "https://a.example" });
  const paths = [`/apps/${app.clientId}`, `/regions/US/installations/${place.body.id}`];
  const member = fc.oneof(fc.constantFrom(...Object.keys(app), ...Object.keys(place.body), "__proto__"), fc.string());
  const patch = fc.dictionary(member, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), patch, async (path, value) => {
      const { status } = await house.admin("PATCH", path, value);
      assert.ok(status === 200 || status === 422, `${status} ${JSON.stringify(value)}`);
      assert.equal((await house.admin("GET", path)).status, 200);
    }),
    { numRuns: 200 },
  );
});

test("a deeply nested body costs a refusal, not the stack", async () => {
  const deep = `${'{"company":'.repeat(5_000)}1${"}".repeat(5_000)}`;
  const { body: app } = await house.admin("POST", "/apps", { name: "Deep", redirectUris: ["https://a.example/"] });
  for (const [method, path] of [
    ["POST", "/regions/US/installations"],
    ["PATCH", `/apps/${app.clientId}`],
  ] as const) {
    const answer = await house.fetch(`/admin/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${house.config.adminToken}`, "content-type": "application/json" },
      body: deep,
    });
    assert.equal(answer.status, 400);
  }
});
