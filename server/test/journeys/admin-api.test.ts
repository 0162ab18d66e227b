import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../support/house.ts";

const house = await openHouse();

const SCOPES = ["chat", "crm", "desk", "projects", "spaces"];

test("a collection is read page by page, each member once", async () => {
  for (let n = 0; n < 7; n++)
    await house.admin("POST", "/regions/US/installations", { name: `Acme ${n}`, url: "https://acme.example.com" });
  const seen: number[] = [];
  let query = "?limit=3";
  for (let pages = 1; ; pages++) {
    const { status, body } = await house.admin("GET", `/regions/US/installations${query}`);
    assert.equal(status, 200);
    assert.ok(body.items.length <= 3);
    seen.push(...body.items.map(({ id }: { id: number }) => id));
    if (body.next === null) {
      assert.equal(pages, 3);
      break;
    }
    assert.equal(typeof body.next, "string");
    query = `?limit=3&after=${body.next}`;
  }
  assert.equal(new Set(seen).size, 7);
});

test("a page that ends exactly with the collection has no next", async () => {
  const { body } = await house.admin("GET", "/scopes?limit=5");
  assert.deepEqual(
    body.items.map(({ name }: { name: string }) => name),
    SCOPES,
  );
  assert.equal(body.next, null);
  assert.equal((await house.admin("GET", "/scopes?limit=4")).body.next, "projects");
  assert.deepEqual((await house.admin("GET", "/scopes?after=spaces")).body, { items: [], next: null });
});

test("limit is 1 to 200, and after is a next that we gave: else 400, named", async () => {
  const wrong = {
    limit: ["limit=0", "limit=201", "limit=-1", "limit=1.5", "limit=", "limit=all", "limit=1&limit=2"],
    after: ["after=x", "after=-1", "after=0x1", "after=2147483648", "after=1&after=2", "after=99999999999999999999"],
  };
  for (const [field, queries] of Object.entries(wrong)) {
    for (const query of queries) {
      const { status, body } = await house.admin("GET", `/regions/US/installations?${query}`);
      assert.equal(status, 400, query);
      assert.equal(body.errors[0].field, field);
    }
  }
  assert.equal((await house.admin("GET", "/regions/US/installations?limit=200")).status, 200);
});

test("every collection can be read", async () => {
  const { body: app } = await house.admin("POST", "/apps", { name: "A", redirectUris: ["https://a.example/"] });
  const place = await house.admin("POST", "/regions/EU/installations", { name: "E", url: "https://e.example" });
  const users = `/regions/EU/installations/${place.body.id}/users`;
  const user = await house.admin("POST", users, { email: "e@e.test", password: "e", firstName: "E", lastName: "" });
  for (const path of [
    "/apps",
    `/apps/${app.clientId}/secrets`,
    "/regions",
    "/regions/EU/installations",
    users,
    `${users}/${user.body.id}/tokens`,
    "/api-credentials",
    "/scopes",
    "/audit",
  ]) {
    const { status, body, headers } = await house.admin("GET", path);
    assert.equal(status, 200, path);
    assert.ok(Array.isArray(body.items), path);
    assert.ok("next" in body, path);
    assert.match(headers.get("content-type") ?? "", /^application\/json/);
  }
});

test("the regions are those of the settings, and can only be read", async () => {
  const { body } = await house.admin("GET", "/regions");
  assert.deepEqual(body, { items: [{ name: "EU" }, { name: "US" }], next: null });
  assert.deepEqual((await house.admin("GET", "/regions/EU")).body, { name: "EU" });
  for (const name of ["XX", "eu", "__proto__", "constructor"])
    assert.equal((await house.admin("GET", `/regions/${name}/installations`)).status, 404, name);
  const refused = await house.admin("POST", "/regions", { name: "AP" });
  assert.equal(refused.status, 405);
  assert.equal(refused.headers.get("allow"), "GET, HEAD");
});

test("the audit log tells of every write, oldest first, names fields and never values", async () => {
  const { body: app } = await house.admin("POST", "/apps", { name: "Old name", redirectUris: ["https://a.example/"] });
  await house.admin("PATCH", `/apps/${app.clientId}`, { name: "New name" });
  await house.admin("PATCH", `/apps/${app.clientId}`, { name: "Never" }, { "if-match": '"wrong"' });
  await house.admin("DELETE", `/apps/${app.clientId}`);

  const entries = [];
  for (let after = ""; ; ) {
    const { body } = await house.admin("GET", `/audit?limit=2${after}`);
    entries.push(...body.items);
    if (body.next === null) break;
    after = `&after=${body.next}`;
  }
  assert.equal(new Set(entries.map(({ id }) => id)).size, entries.length);
  const mine = entries.filter(({ target }) => target === app.clientId);
  assert.deepEqual(mine.map(({ action }) => action).sort(), ["app.change", "app.delete", "app.register"]);
  assert.deepEqual(mine.find(({ action }) => action === "app.change")?.detail, { fields: ["name"] });
  assert.ok(entries.some(({ action, region }) => action === "user.create" && region === "EU"));
  assert.ok(!JSON.stringify(entries).includes("New name"));
});

test("a body that is no JSON object is 400, an oversized one 413", async () => {
  const send = (body: string, type = "application/json") =>
    house.fetch("/admin/v1/apps", {
      method: "POST",
      headers: { authorization: `Bearer ${house.config.adminToken}`, "content-type": type },
      body,
    });
  for (const body of ["{", "[]", "1", "null", '"x"', "{'a':1}", '{"name":"\\ud800', "[".repeat(50_000)])
    assert.equal((await send(body)).status, 400, body.slice(0, 20));
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
    assert.equal((await send("{}", type)).status, 400, type);
  assert.equal((await send(JSON.stringify({ name: "x".repeat(70_000) }))).status, 413);
  assert.equal((await send("{}", "application/merge-patch+json; charset=utf-8")).status, 422);
});

test("the OpenAPI document describes every collection and every move with the schemas that check the input", async () => {
  const { status, body } = await house.admin("GET", "/openapi.json");
  assert.equal(status, 200);
  assert.match(body.openapi, /^3\.1\./);
  assert.deepEqual(Object.keys(body.paths).sort(), [
    "/accounts/move",
    "/accounts/{accountId}/move",
    "/api-credentials",
    "/api-credentials/{credentialId}",
    "/apps",
    "/apps/{clientId}",
    "/apps/{clientId}/reviews",
    "/apps/{clientId}/secrets",
    "/apps/{clientId}/secrets/{secretId}",
    "/audit",
    "/regions",
    "/regions/{region}",
    "/regions/{region}/installations",
    "/regions/{region}/installations/{installationId}",
    "/regions/{region}/installations/{installationId}/move",
    "/regions/{region}/installations/{installationId}/users",
    "/regions/{region}/installations/{installationId}/users/{userId}",
    "/regions/{region}/installations/{installationId}/users/{userId}/tokens",
    "/regions/{region}/installations/{installationId}/users/{userId}/tokens/{tokenId}",
    "/scopes",
    "/scopes/{name}",
  ]);
  const { schema } = body.paths["/apps"].post.requestBody.content["application/json"];
  assert.deepEqual(schema.required, ["name", "redirectUris"]);
  assert.equal(schema.properties.codeLifetimeSeconds.maximum, 900);
  assert.equal(schema.additionalProperties, false);
  const made = body.paths["/apps"].post.responses[201].content["application/json"].schema;
  assert.ok("clientSecret" in made.properties);
  const patch = body.paths["/apps/{clientId}"].patch.requestBody.content["application/merge-patch+json"].schema;
  assert.equal(patch.required, undefined);
});

test("every operation of the OpenAPI document is there", async () => {
  const { body } = await house.admin("GET", "/openapi.json");
  for (const [path, item] of Object.entries<Record<string, unknown>>(body.paths)) {
    for (const method of ["get", "post", "patch", "delete"].filter((name) => name in item)) {
      const address = path.replaceAll(/\{\w+\}/g, "0");
      const { status } = await house.admin(method.toUpperCase(), address, method === "post" ? {} : undefined);
      assert.notEqual(status, 405, `${method} ${path}`);
      assert.ok(status < 500, `${method} ${path}`);
    }
  }
});
