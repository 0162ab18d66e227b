import assert from "node:assert/strict";
import { test } from "node:test";
import { exchange, exchangeOf, newCode, openScene, postForm, signedIn } from "../support/scene.ts";

// wire.md, the answer of section 4 and the addresses of section 5.

const scene = await openScene();
const { house, world, app } = scene;

const place = await world.addInstallation("EU", {
  name: "Acme",
  url: "https://acme.example.com",
  apiEndPoint: "https://api.example.com/acme",
  deskEnabled: true,
  company: { name: "Acme Inc" },
});
const user = await world.addUser(place, { firstName: "Dana", lastName: "Lee", company: { name: "Partner Ltd" } });
const visitor = await signedIn(house, world, user);
const buy = async (one = app, parameters = {}) =>
  exchange(house, exchangeOf(one, await newCode({ visitor }, one, parameters)));

test("the answer has every key, in words and numbers, and no null", async () => {
  const { status, headers, body } = await buy();
  assert.equal(status, 200);
  assert.match(headers.get("content-type") ?? "", /^application\/json/);
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("pragma"), "no-cache");
  const { access_token: token, ...rest } = body;
  const { id: companyId } = body.installation.company;
  const { id: partnerId } = body.user.company;
  assert.deepEqual(rest, {
    token_type: "Bearer",
    status: "ok",
    scope: "projects",
    installation: {
      id: place.id,
      name: "Acme",
      region: "EU",
      url: "https://acme.example.com/",
      apiEndPoint: "https://api.example.com/acme/",
      logo: "",
      loginStartText: "",
      projectsEnabled: false,
      deskEnabled: true,
      chatEnabled: false,
      company: { id: companyId, name: "Acme Inc", logo: "" },
    },
    user: {
      id: user.id,
      firstName: "Dana",
      lastName: "Lee",
      email: user.email,
      avatar: "",
      company: { id: partnerId, name: "Partner Ltd", logo: "" },
    },
  });
  for (const id of [companyId, partnerId]) assert.ok(Number.isInteger(id) && id >= 1);
  const readable = Buffer.from(token.replace(/^tkn\.v1_/, ""), "base64").toString();
  assert.match(readable, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d+\.\d+\.EU$/);
  assert.ok(readable.endsWith(`-${place.id}.${user.id}.EU`));
});

test("an installation without more said about it has its address for an API, and a company of its own name", async () => {
  const { body } = await exchange(house, exchangeOf(app, await newCode(scene, app)));
  assert.equal(body.installation.apiEndPoint, body.installation.url);
  assert.ok(body.installation.url.endsWith("/"));
  assert.ok(body.installation.company.id >= 1);
  assert.equal(typeof body.installation.company.name, "string");
  assert.ok(body.user.company.id >= 1);
});

test("expires_in and refresh_token are there for expiring tokens only, id_token for openid only", async () => {
  const { body: permanent } = await buy();
  for (const key of ["expires_in", "refresh_token", "id_token"]) assert.equal(key in permanent, false);
  const expiring = await world.registerApp({ trusted: true, tokens: "expiring" });
  const { body: first } = await buy(expiring);
  assert.equal(first.expires_in, 3_600);
  assert.match(first.refresh_token, /^rfr\.v1_/);
  const { body: second } = await exchange(house, {
    ...exchangeOf(expiring, ""),
    grant_type: "refresh_token",
    refresh_token: first.refresh_token,
  });
  assert.deepEqual(Object.keys(second), Object.keys(first), "a refresh answers in the same shape");
  const { body: signed } = await buy(expiring, { scope: "openid" });
  const { body: again } = await exchange(house, {
    ...exchangeOf(expiring, ""),
    grant_type: "refresh_token",
    refresh_token: signed.refresh_token,
  });
  const [claims, later] = [signed, again].map(({ id_token }) =>
    JSON.parse(Buffer.from(id_token.split(".")[1], "base64url").toString()),
  );
  assert.deepEqual([later.iss, later.sub, later.aud], [claims.iss, claims.sub, claims.aud]);
  assert.ok(!("nonce" in later) && !("auth_time" in later), "a refresh is no login");
});

test("userinfo.json says whose token it is, where it counts, and what it may", async () => {
  const { body } = await buy();
  const ask = (token: string, method = "GET") =>
    house.fetch("/launchpad/v1/userinfo.json", { method, headers: { authorization: `Bearer ${token}` } });
  const answer = await ask(body.access_token);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.deepEqual(await answer.json(), {
    sub: String(user.id),
    user_id: user.id,
    id: user.id,
    installation_id: place.id,
    region: "EU",
    awsRegion: "EU",
    url: "https://acme.example.com",
    apiEndPoint: "https://api.example.com/acme/",
    client_id: app.clientId,
    email: user.email,
    firstName: "Dana",
    lastName: "Lee",
    meta: { scopes: ["projects"] },
  });
  assert.equal((await ask(body.access_token, "HEAD")).status, 200);
  const absent = await house.fetch("/launchpad/v1/userinfo.json");
  assert.equal(absent.status, 401);
  assert.equal(absent.headers.get("www-authenticate"), 'Bearer realm="Latchkey"');
  const refused = await ask("x");
  assert.match(refused.headers.get("www-authenticate") ?? "", /error="invalid_token"/);
  assert.equal((await refused.json()).error, "invalid_token");
});

test("/oauth2/userinfo tells what the scopes ask for, by GET and by POST", async () => {
  const claims = async (scope: string) => {
    const { body } = await buy(app, { scope });
    const headers = { authorization: `Bearer ${body.access_token}` };
    const [get, post] = await Promise.all(
      ["GET", "POST"].map(async (method) => (await house.fetch("/oauth2/userinfo", { method, headers })).json()),
    );
    assert.deepEqual(get, post);
    return get;
  };
  const sub = String(user.id);
  assert.deepEqual(await claims("openid"), { sub });
  assert.deepEqual(await claims("openid email"), { sub, email: user.email });
  const profile = { name: "Dana Lee", given_name: "Dana", family_name: "Lee" };
  assert.deepEqual(await claims("openid profile"), { sub, ...profile });
  assert.deepEqual(await claims("openid profile email"), { sub, ...profile, email: user.email });
});

test("what an operator changes about user or installation, the next answer tells", async () => {
  const { body } = await buy();
  await house.admin("PATCH", `/regions/EU/installations/${place.id}/users/${user.id}`, { firstName: "Dina" });
  await house.admin("PATCH", `/regions/EU/installations/${place.id}`, { apiEndPoint: "https://new.example.com/" });
  const headers = { authorization: `Bearer ${body.access_token}` };
  const told = await (await house.fetch("/launchpad/v1/userinfo.json", { headers })).json();
  assert.equal(told.firstName, "Dina");
  assert.equal(told.apiEndPoint, "https://new.example.com/");
});

test("exp is introspected only where there is an end", async () => {
  const { body: credential } = await house.admin("POST", "/api-credentials", { name: "api" });
  const expiring = await world.registerApp({ trusted: true, tokens: "expiring" });
  const introspect = async (token: string) => {
    const fields = { token, client_id: credential.id, client_secret: credential.secret };
    return (await postForm(house, "/oauth2/introspect", fields)).body;
  };
  assert.equal("exp" in (await introspect((await buy()).body.access_token)), false);
  const { iat, exp } = await introspect((await buy(expiring)).body.access_token);
  assert.equal(exp - iat, 3_600);
});
