import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../support/house.ts";

const house = await openHouse();

const APP = { name: "Reports", redirectUris: ["https://reports.example.com/cb"] };
const register = async (more: object = {}) => (await house.admin("POST", "/apps", { ...APP, ...more })).body;

test("an app is registered with a secret that no later answer shows", async () => {
  const { status, body, headers } = await house.admin("POST", "/apps", APP);

  assert.equal(status, 201);
  assert.match(body.clientId, /^[\da-f]{40}$/);
  assert.match(body.clientSecret, /^[\w-]{40,}$/);
  assert.equal(headers.get("location"), `/admin/v1/apps/${body.clientId}`);
  const { clientSecret, ...shown } = body;
  const read = await house.admin("GET", `/apps/${body.clientId}`);
  assert.deepEqual(read.body, shown);
  assert.equal(read.headers.get("etag"), headers.get("etag"));
  assert.ok(!JSON.stringify(await house.admin("GET", "/apps?limit=200")).includes(clientSecret));
  assert.ok(!house.logLines.join().includes(clientSecret));
});

test("what is not said about an app has the contract's defaults", async () => {
  const { clientId: _, clientSecret: __, createdAt, updatedAt, ...rest } = await register();
  assert.deepEqual(rest, {
    ...APP,
    kind: "confidential",
    status: "live",
    allowedOrigins: [],
    scopes: [],
    testInstallations: [],
    tokens: "permanent",
    codeLifetimeSeconds: 900,
    trusted: false,
    pkceCompat: false,
    idTokenSignedResponseAlg: "RS256",
    icon: "",
    url: "",
    description: "",
  });
  assert.ok(Number.isInteger(createdAt) && createdAt === updatedAt);
});

test("a public app has no secret and can be given none", async () => {
  const app = await register({ kind: "public" });
  assert.ok(!("clientSecret" in app));
  assert.equal((await house.admin("POST", `/apps/${app.clientId}/secrets`, {})).status, 409);
});

test("a written app is known to this server at once, and to others by the directory's changes", async () => {
  const { clientId } = await register();
  assert.equal(house.deps.apps.find(clientId)?.name, "Reports");
  await house.admin("PATCH", `/apps/${clientId}`, { status: "suspended" });
  assert.equal(house.deps.apps.find(clientId)?.status, "suspended");
  await house.admin("DELETE", `/apps/${clientId}`);
  assert.equal(house.deps.apps.find(clientId), undefined);
});

test("a deleted app is gone with its secrets", async () => {
  const { clientId } = await register();
  assert.equal((await house.admin("DELETE", `/apps/${clientId}`)).status, 204);
  assert.equal((await house.admin("GET", `/apps/${clientId}`)).status, 404);
  assert.equal((await house.admin("GET", `/apps/${clientId}/secrets`)).status, 404);
  assert.equal((await house.admin("DELETE", `/apps/${clientId}`)).status, 404);
});

test("several secrets are live at once; each is shown once and can be taken away alone", async () => {
  const { clientId, clientSecret: first } = await register();
  const path = `/apps/${clientId}/secrets`;
  const expiresAt = house.deps.now() + 60;
  const added = await house.admin("POST", path, { name: "next", expiresAt });
  assert.equal(added.status, 201);
  const { clientSecret: second, id } = added.body;
  assert.match(second, /^[\w-]{40,}$/);
  assert.notEqual(first, second);
  assert.deepEqual(
    { ...added.body, clientSecret: undefined },
    { ...(await house.admin("GET", `${path}/${id}`)).body, clientSecret: undefined },
  );
  assert.equal(added.body.hint, second.slice(-4));
  assert.equal(added.body.lastUsedAt, null);

  const { items } = (await house.admin("GET", path)).body;
  assert.equal(items.length, 2);
  assert.ok(!JSON.stringify(items).includes(second));
  assert.equal((await house.admin("DELETE", `${path}/${id}`)).status, 204);
  assert.equal((await house.admin("DELETE", `${path}/${id}`)).status, 404);
  assert.equal((await house.admin("GET", path)).body.items.length, 1);
});

test("a secret cannot be made already expired", async () => {
  const { clientId } = await register();
  const { status, body } = await house.admin("POST", `/apps/${clientId}/secrets`, { expiresAt: house.deps.now() });
  assert.equal(status, 422);
  assert.equal(body.errors[0].field, "expiresAt");
});

test("whatever is wrong with an app is said at its field", async () => {
  const wrong: [object, string][] = [
    [{ name: undefined }, "name"],
    [{ name: " " }, "name"],
    [{ name: 7 }, "name"],
    [{ name: "x".repeat(201) }, "name"],
    [{ redirectUris: undefined }, "redirectUris"],
    [{ redirectUris: [] }, "redirectUris"],
    [{ redirectUris: "https://a.example/" }, "redirectUris"],
    [{ redirectUris: ["http://a.example/"] }, "redirectUris"],
    [{ redirectUris: ["javascript:alert(1)"] }, "redirectUris"],
    [{ redirectUris: [7] }, "redirectUris"],
    [{ redirectUris: ["https://a.example/", "https://a.example/"] }, "redirectUris"],
    [{ redirectUris: Array.from({ length: 101 }, (_, n) => `https://a.example/${n}`) }, "redirectUris"],
    [{ allowedOrigins: ["https://a.example/"] }, "allowedOrigins"],
    [{ allowedOrigins: ["*"] }, "allowedOrigins"],
    [{ allowedOrigins: ["null"] }, "allowedOrigins"],
    [{ kind: "secret" }, "kind"],
    [{ status: "dead" }, "status"],
    [{ scopes: ["unheard-of"] }, "scopes"],
    [{ testInstallations: [0] }, "testInstallations"],
    [{ testInstallations: [2 ** 31] }, "testInstallations"],
    [{ testInstallations: ["1"] }, "testInstallations"],
    [{ tokens: "eternal" }, "tokens"],
    [{ codeLifetimeSeconds: 59 }, "codeLifetimeSeconds"],
    [{ codeLifetimeSeconds: 901 }, "codeLifetimeSeconds"],
    [{ codeLifetimeSeconds: 60.5 }, "codeLifetimeSeconds"],
    [{ trusted: "yes" }, "trusted"],
    [{ pkceCompat: true, kind: "public" }, "pkceCompat"],
    [{ icon: "http://a.example/i.png" }, "icon"],
    [{ icon: "data:image/png;base64,AA" }, "icon"],
    [{ url: "javascript:alert(1)" }, "url"],
    [{ clientId: "a".repeat(40) }, "clientId"],
    [{ ["__proto__"]: { trusted: true } }, "__proto__"],
  ];
  for (const [change, field] of wrong) {
    const { status, body, headers } = await house.admin("POST", "/apps", { ...APP, ...change });
    assert.equal(status, 422, JSON.stringify(change));
    assert.equal(headers.get("content-type"), "application/problem+json");
    assert.equal(body.status, 422);
    assert.deepEqual(
      body.errors.map((error: { field: string }) => error.field),
      [field],
      JSON.stringify(change),
    );
    assert.ok(body.errors[0].message.length > 5);
  }
});

test("an app may have the scopes that there are", async () => {
  assert.deepEqual((await register({ scopes: ["projects", "desk"] })).scopes, ["projects", "desk"]);
});

test("an app changes by merge patch: what is not named stays, null is the default again (RFC 7396)", async () => {
  const app = await register({ codeLifetimeSeconds: 60, description: "old", allowedOrigins: ["https://a.example"] });
  const { status, body } = await house.admin("PATCH", `/apps/${app.clientId}`, {
    description: "new",
    codeLifetimeSeconds: null,
    allowedOrigins: [],
  });
  assert.equal(status, 200);
  const { clientSecret: _, ...before } = app;
  assert.deepEqual(body, { ...before, description: "new", codeLifetimeSeconds: 900, allowedOrigins: [] });
  assert.equal((await house.admin("PATCH", `/apps/${app.clientId}`, { name: null })).status, 422);
});

test("what GET gave can be sent back, and what cannot be changed is refused by name", async () => {
  const { clientId } = await register();
  const path = `/apps/${clientId}`;
  const { body: shown } = await house.admin("GET", path);
  assert.equal((await house.admin("PATCH", path, shown)).status, 200);
  for (const change of [{ kind: "public" }, { clientId: "f".repeat(40) }, { createdAt: 1 }, { createdAt: null }]) {
    const { status, body } = await house.admin("PATCH", path, change);
    assert.equal(status, 422);
    assert.deepEqual(body.errors, [{ field: Object.keys(change)[0], message: "It cannot be changed." }]);
  }
});

test("If-Match that fails is 412 and changes nothing", async () => {
  const { clientId } = await register();
  const path = `/apps/${clientId}`;
  const etag = (await house.admin("GET", path)).headers.get("etag") ?? "";
  assert.match(etag, /^"[\w-]+"$/);
  assert.equal((await house.admin("PATCH", path, { name: "Second" }, { "if-match": etag })).status, 200);
  assert.equal((await house.admin("PATCH", path, { name: "Third" }, { "if-match": etag })).status, 412);
  assert.equal((await house.admin("DELETE", path, undefined, { "if-match": etag })).status, 412);
  const now = await house.admin("GET", path);
  assert.equal(now.body.name, "Second");
  assert.equal(
    (await house.admin("PATCH", path, { name: "Third" }, { "if-match": `W/${now.headers.get("etag")}` })).status,
    412,
  );
  assert.equal((await house.admin("PATCH", path, { name: "Third" }, { "if-match": "*" })).status, 200);
});

test("patches that come at once all take effect", async () => {
  const { clientId } = await register();
  const changes = [{ name: "One" }, { description: "two" }, { trusted: true }, { tokens: "expiring" }];
  const answers = await Promise.all(changes.map((change) => house.admin("PATCH", `/apps/${clientId}`, change)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  const { body } = await house.admin("GET", `/apps/${clientId}`);
  assert.deepEqual(Object.assign({}, body, ...changes), body);
});

test("scopes: the guide's five at first, one of each name, none goes while an app has it", async () => {
  const { items } = (await house.admin("GET", "/scopes")).body;
  assert.deepEqual(
    items.map((scope: { name: string }) => scope.name),
    ["chat", "crm", "desk", "projects", "spaces"],
  );
  assert.equal((await house.admin("POST", "/scopes", { name: "files", description: "Read files" })).status, 201);
  assert.equal((await house.admin("POST", "/scopes", { name: "files", description: "Again" })).status, 409);
  assert.equal((await house.admin("POST", "/scopes", { name: "openid", description: "Again" })).status, 409);
  for (const name of ["", "a b", "a,b", 'a"b', "ü", "a\\b", "x".repeat(65)])
    assert.equal((await house.admin("POST", "/scopes", { name, description: "No" })).status, 422, name);
  const { body } = await house.admin("PATCH", "/scopes/files", { description: "Read and change files" });
  assert.equal(body.description, "Read and change files");
  assert.equal(house.deps.apps.scopes().get("files"), "Read and change files");

  const app = await register({ scopes: ["files"] });
  assert.equal((await house.admin("DELETE", "/scopes/files")).status, 409);
  await house.admin("DELETE", `/apps/${app.clientId}`);
  assert.equal((await house.admin("DELETE", "/scopes/files")).status, 204);
  assert.equal(house.deps.apps.scopes().has("files"), false);
  assert.equal((await house.admin("DELETE", "/scopes/files")).status, 404);
});

test("a scope's name may hold a slash", async () => {
  await house.admin("POST", "/scopes", { name: "files/read", description: "Read files" });
  assert.equal((await house.admin("GET", "/scopes/files%2Fread")).body.name, "files/read");
});

test("an API credential shows its secret once and may be bound to regions", async () => {
  const made = await house.admin("POST", "/api-credentials", { name: "EU gateway", regions: ["EU"] });
  assert.equal(made.status, 201);
  const { id, secret } = made.body;
  assert.match(secret, /^[\w-]{40,}$/);
  const { body } = await house.admin("GET", `/api-credentials/${id}`);
  assert.deepEqual(body.regions, ["EU"]);
  assert.ok(!JSON.stringify(body).includes(secret));
  assert.ok(house.deps.apps.findCredential(id));
  const wrong = await house.admin("POST", "/api-credentials", { name: "Nowhere", regions: ["XX"] });
  assert.equal(wrong.status, 422);
  assert.equal(wrong.body.errors[0].field, "regions");
  assert.deepEqual((await house.admin("PATCH", `/api-credentials/${id}`, { regions: null })).body.regions, []);
  assert.equal((await house.admin("DELETE", `/api-credentials/${id}`)).status, 204);
  assert.equal(house.deps.apps.findCredential(id), undefined);
});
