import assert from "node:assert/strict";
import { test } from "node:test";
import { type House, openHouse } from "../support/house.ts";
import { logIn, type TestApp, type TestUser, worldOf } from "../support/world.ts";

const house = await openHouse();
const world = worldOf(house);

const pathOf = ({ installation, id }: TestUser) =>
  `/regions/${installation.region}/installations/${installation.id}/users/${id}`;

/** Somebody who has let an app in, and what the app got. */
async function openAccess(region = "EU") {
  const app = await world.registerApp();
  const user = await world.addUser(await world.addInstallation(region));
  const { access_token: token } = await app.client.exchangeCode(await logIn(house, app, user));
  assert.equal(await statusOf(token), 200);
  return { app, user, token };
}

async function statusOf(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await house.fetch("/launchpad/v1/userinfo.json", { headers })).status;
}

const exchanges = async (app: TestApp, code: Awaited<ReturnType<typeof logIn>>) =>
  app.client.exchangeCode(code).then(
    () => "token",
    (error) => error.code,
  );

test("a deleted user's tokens and codes end at once", async () => {
  const { app, user, token } = await openAccess();
  const code = await logIn(house, app, user);
  await house.admin("DELETE", pathOf(user));
  assert.equal(await statusOf(token), 401);
  assert.equal(await exchanges(app, code), "invalid_grant");
});

test("a disabled user's tokens are inactive until it is enabled again, and its codes buy nothing", async () => {
  const { app, user, token } = await openAccess("US");
  const code = await logIn(house, app, user);
  await house.admin("PATCH", pathOf(user), { disabled: true });
  assert.equal(await statusOf(token), 401);
  assert.equal(await exchanges(app, code), "invalid_grant");
  await house.admin("PATCH", pathOf(user), { disabled: false });
  assert.equal(await statusOf(token), 200);
});

test("a deleted installation's tokens and codes end at once", async () => {
  const { app, user, token } = await openAccess();
  const code = await logIn(house, app, user);
  const { region, id } = user.installation;
  await house.admin("DELETE", `/regions/${region}/installations/${id}`);
  assert.equal(await statusOf(token), 401);
  assert.equal(await exchanges(app, code), "invalid_grant");
});

test("a suspended app's tokens are inactive while it is, a deleted one's for ever", async () => {
  const { app, token } = await openAccess();
  await house.admin("PATCH", `/apps/${app.clientId}`, { status: "suspended" });
  assert.equal(await statusOf(token), 401);
  await house.admin("PATCH", `/apps/${app.clientId}`, { status: "live" });
  assert.equal(await statusOf(token), 200);
  await house.admin("DELETE", `/apps/${app.clientId}`);
  assert.equal(await statusOf(token), 401);
});

test("the operator ends one token of a user and leaves the others", async () => {
  const { app, user, token } = await openAccess();
  const { access_token: other } = await app.client.exchangeCode(await logIn(house, app, user));
  const { items } = (await house.admin("GET", `${pathOf(user)}/tokens`)).body;
  assert.equal(items.length, 2);
  assert.ok(!JSON.stringify(items).includes(token));
  await house.admin("DELETE", `${pathOf(user)}/tokens/${items[0].id}`);
  assert.deepEqual([await statusOf(token), await statusOf(other)].sort(), [200, 401]);
});

test("a deleted secret opens nothing, its sister still does", async () => {
  const { app, user } = await openAccess();
  const secrets = `/apps/${app.clientId}/secrets`;
  const [first] = (await house.admin("GET", secrets)).body.items;
  const { body: second } = await house.admin("POST", secrets, {});
  await house.admin("DELETE", `${secrets}/${first.id}`);
  assert.equal(await exchanges(app, await logIn(house, app, user)), "invalid_client");
  const code = await logIn(house, app, user);
  assert.equal((await exchange(house, { ...app, clientSecret: second.clientSecret }, code)).status, 200);
});

test("somebody whose password's hash was brought along logs in with that password", async () => {
  const app = await world.registerApp();
  const passwordHash = await house.deps.passwords.hash("brought along");
  const installation = await world.addInstallation();
  const user = await world.addUser(installation, { password: undefined, passwordHash });
  const grant = await app.client.exchangeCode(await logIn(house, app, { ...user, password: "brought along" }));
  assert.equal(grant.user.id, user.id);
});

const exchange = (house: House, app: TestApp, code: Awaited<ReturnType<typeof logIn>>) =>
  house.fetch("/launchpad/v1/token.json", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      code: code.code,
      client_id: app.clientId,
      client_secret: app.clientSecret,
      redirect_uri: app.redirectUri,
      code_verifier: code.codeVerifier,
    }),
  });
