import assert from "node:assert/strict";
import { test } from "node:test";
import { basic, exchange, exchangeOf, isActive, newCode, newPkce, openScene, postForm } from "../support/scene.ts";

const scene = await openScene();
const { house, world, app, user } = scene;
const stranger = await world.registerApp({ name: "Stranger", trusted: true });
const open = await world.registerApp({ kind: "public", trusted: true });
const { body: american } = await house.admin("POST", "/api-credentials", { name: "US only", regions: ["US"] });
const { body: european } = await house.admin("POST", "/api-credentials", { name: "EU only", regions: ["EU"] });
const { body: everywhere } = await house.admin("POST", "/api-credentials", { name: "all" });

const newToken = async (): Promise<string> =>
  (await exchange(house, exchangeOf(app, await newCode(scene, app)))).body.access_token;
const clientOf = ({ clientId, clientSecret = "" }: typeof app) => basic(clientId, clientSecret);
const introspect = (token: string, authorization?: string, more: Record<string, string> = {}) =>
  postForm(house, "/oauth2/introspect", { token, ...more }, authorization ? { headers: { authorization } } : {});
const revoke = (token: string, authorization?: string, more: Record<string, string> = {}) =>
  postForm(house, "/oauth2/revoke", { token, ...more }, authorization ? { headers: { authorization } } : {});

const token = await newToken();
const INACTIVE = { active: false };

test("an API credential learns what a token stands for, and nothing personal", async () => {
  for (const credential of [american, everywhere]) {
    const { status, body, headers } = await introspect(token, basic(credential.id, credential.secret));
    assert.equal(status, 200);
    assert.equal(headers.get("cache-control"), "no-store");
    assert.deepEqual(body, {
      active: true,
      token_type: "Bearer",
      client_id: app.clientId,
      sub: String(user.id),
      user_id: user.id,
      installation_id: user.installation.id,
      region: "US",
      scope: "projects",
      iat: house.deps.now(),
    });
  }
});

test("a token that is none of the caller's business looks like one that does not exist", async () => {
  for (const authorization of [clientOf(stranger), basic(european.id, european.secret)]) {
    assert.deepEqual((await introspect(token, authorization)).body, INACTIVE);
    assert.deepEqual((await introspect("tkn.v1_nothing", authorization)).body, INACTIVE);
  }
  assert.equal((await introspect(token, clientOf(app))).body.active, true, "an app sees its own");
});

test("nobody asks about tokens without proving who he is, a public app neither", async () => {
  const refused = [
    await introspect(token),
    await introspect(token, `Bearer ${token}`),
    await introspect(token, basic(app.clientId, "wrong")),
    await introspect(token, basic(everywhere.id, american.secret)),
    await introspect(token, basic(everywhere.id, "")),
    await introspect(token, basic("", "")),
    await introspect(token, undefined, { client_id: open.clientId }),
    await introspect(token, basic(open.clientId, "")),
  ];
  for (const { status, body } of refused) {
    assert.equal(status, 401);
    assert.equal(body.error, "invalid_client");
    assert.equal("active" in body, false);
  }
  for (const index of [2, 3, 4, 5, 7]) assert.match(refused[index]?.headers.get("www-authenticate") ?? "", /^Basic /);
});

test("an API credential that is deleted asks no more", async () => {
  const { body } = await house.admin("POST", "/api-credentials", { name: "short" });
  const authorization = basic(body.id, body.secret);
  assert.equal((await introspect(token, authorization)).body.active, true);

  await house.admin("DELETE", `/api-credentials/${body.id}`);

  assert.equal((await introspect(token, authorization)).status, 401);
});

test("an API credential is no app: it buys, revokes and logs in nobody", async () => {
  const code = await newCode(scene, app);
  const fields = exchangeOf(app, code, { client_id: everywhere.id, client_secret: everywhere.secret });
  assert.equal((await exchange(house, fields)).body.error, "invalid_client");
  assert.equal((await revoke(token, basic(everywhere.id, everywhere.secret))).status, 401);
  assert.equal((await house.fetch(`/launchpad/login?client_id=${everywhere.id}&redirect_uri=x`)).status, 400);
  assert.equal(await isActive(house, token), true);
});

test("nobody ends another app's token", async () => {
  const mine = await newToken();
  assert.equal((await revoke(mine, clientOf(stranger))).status, 400);
  assert.equal((await revoke(mine, undefined, { client_id: open.clientId })).status, 400);
  for (const refused of [
    await revoke(mine),
    await revoke(mine, basic(app.clientId, "wrong")),
    await revoke(mine, undefined, { client_id: app.clientId }),
    await revoke(mine, `Bearer ${mine}`),
  ])
    assert.equal(refused.status, 401);
  assert.equal(await isActive(house, mine), true);

  assert.equal((await revoke(mine, clientOf(app))).status, 200);
  assert.equal(await isActive(house, mine), false);
});

test("revoking what is no token, or none any more, is no error and tells nothing (RFC 7009 §2.2)", async () => {
  const gone = await newToken();
  await revoke(gone, clientOf(app));
  for (const nothing of [gone, "tkn.v1_x", "x", `${token}=`, "rfr.v1_x", "🔑", "a".repeat(10_000)]) {
    const { status, body } = await revoke(nothing, clientOf(app), { token_type_hint: "nonsense" });
    assert.equal(status, 200, nothing.slice(0, 20));
    assert.equal(body, "");
  }
  for (const fields of ["", "token=", "token=a&token=b"])
    assert.equal(
      (await postForm(house, "/oauth2/revoke", fields, { headers: { authorization: clientOf(app) } })).status,
      400,
    );
  assert.equal(await isActive(house, token), true);
});

test("a public app ends its own token by its id alone, and a refresh token ends its whole family", async () => {
  const expiring = await world.registerApp({ kind: "public", trusted: true, tokens: "expiring" });
  const { verifier, parameters } = newPkce();
  const code = await newCode(scene, expiring, parameters);
  const { body } = await exchange(house, exchangeOf(expiring, code, { code_verifier: verifier }));
  assert.equal((await revoke(body.refresh_token, clientOf(stranger))).status, 400);

  assert.equal((await revoke(body.refresh_token, undefined, { client_id: expiring.clientId })).status, 200);

  assert.equal(await isActive(house, body.access_token), false);
  const again = { client_id: expiring.clientId, grant_type: "refresh_token", refresh_token: body.refresh_token };
  assert.equal((await exchange(house, again)).body.error, "invalid_grant");
});

test("verify tells a proxy ids alone, and a caller cannot plant headers through it", async () => {
  const headers = { authorization: `Bearer ${token}`, "x-login-user": "1", "x-login-scope": "admin" };
  const answer = await house.fetch("/verify", { headers });
  assert.equal(answer.status, 200);
  const told = [...answer.headers].filter(([name]) => name.startsWith("x-login-"));
  assert.deepEqual(Object.fromEntries(told), {
    "x-login-user": String(user.id),
    "x-login-installation": String(user.installation.id),
    "x-login-region": "US",
    "x-login-app": app.clientId,
    "x-login-scope": "projects",
  });
  assert.equal(await answer.text(), "");
  const refused = await house.fetch("/verify", { headers: { "x-login-user": "1" } });
  assert.equal(refused.status, 401);
  assert.deepEqual(
    [...refused.headers].filter(([name]) => name.startsWith("x-login-")),
    [],
  );
});
