import assert from "node:assert/strict";
import { test } from "node:test";
import { createSigner } from "../../src/domain/tokens/signer.ts";
import { openHouse } from "../support/house.ts";
import { logIn, obtainToken, worldOf } from "../support/world.ts";

const invalidGrant = { code: "invalid_grant" };
const invalidToken = { code: "invalid_token" };

async function openScene(app: Record<string, unknown> = {}) {
  const house = await openHouse();
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation());
  return { house, world, user, app: await world.registerApp(app) };
}

test("a code lives 15 minutes", async () => {
  const { house, app, user } = await openScene();
  const early = await logIn(house, app, user);
  const late = await logIn(house, app, user);

  house.passSeconds(15 * 60 - 1);
  await app.client.exchangeCode(early);
  house.passSeconds(1);

  await assert.rejects(app.client.exchangeCode(late), invalidGrant);
});

test("an app may let its codes live a minute", async () => {
  const { house, app, user } = await openScene({ codeLifetimeSeconds: 60 });
  const late = await logIn(house, app, user);

  house.passSeconds(60);

  await assert.rejects(app.client.exchangeCode(late), invalidGrant);
});

test("a replayed code is refused and its token revoked (RFC 6749 §4.1.2)", async () => {
  const { house, world, app, user } = await openScene();
  const guard = await world.addGuard();
  const code = await logIn(house, app, user);
  const { access_token } = await app.client.exchangeCode(code);
  await guard(`Bearer ${access_token}`);

  await assert.rejects(app.client.exchangeCode(code), invalidGrant);

  await assert.rejects(guard(`Bearer ${access_token}`), invalidToken);
});

test("a permanent token outlives everything but its revocation", async () => {
  const { house, world, app, user } = await openScene();
  const guard = await world.addGuard();
  const { access_token } = await obtainToken(house, app, user);

  house.passSeconds(20 * 365 * 24 * 3_600);
  await guard(`Bearer ${access_token}`);
  await app.client.revoke(access_token);

  await assert.rejects(guard(`Bearer ${access_token}`), invalidToken);
});

test("expiring tokens live an hour and are renewed by a refresh token that changes at each use", async () => {
  const { house, world, app, user } = await openScene({ tokens: "expiring" });
  const guard = await world.addGuard();
  const first = await obtainToken(house, app, user);
  assert.equal(first.expires_in, 3_600);

  house.passSeconds(3_600);
  await assert.rejects(guard(`Bearer ${first.access_token}`), invalidToken);
  const second = await app.client.refresh(first.refresh_token ?? "");

  await guard(`Bearer ${second.access_token}`);
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.deepEqual(second.installation, first.installation);
  assert.deepEqual(second.user, first.user);
});

test("a refresh token used again within 10 seconds is answered; later it ends its whole family", async () => {
  const { house, world, app, user } = await openScene({ tokens: "expiring" });
  const guard = await world.addGuard();
  const { refresh_token = "" } = await obtainToken(house, app, user);
  const one = await app.client.refresh(refresh_token);
  house.passSeconds(9);
  const two = await app.client.refresh(refresh_token);
  await guard(`Bearer ${one.access_token}`);
  await guard(`Bearer ${two.access_token}`);

  house.passSeconds(2);
  await assert.rejects(app.client.refresh(refresh_token), invalidGrant);

  for (const { access_token } of [one, two]) await assert.rejects(guard(`Bearer ${access_token}`), invalidToken);
  await assert.rejects(app.client.refresh(two.refresh_token ?? ""), invalidGrant);
});

test("a refresh token ends 30 days after its last use", async () => {
  const { house, app, user } = await openScene({ tokens: "expiring" });
  const first = await obtainToken(house, app, user);
  house.passSeconds(30 * 24 * 3_600 - 1);
  const second = await app.client.refresh(first.refresh_token ?? "");
  house.passSeconds(30 * 24 * 3_600);

  await assert.rejects(app.client.refresh(second.refresh_token ?? ""), invalidGrant);
});

test("deleting or disabling user, app or installation counts at once", async () => {
  const { house, world, app, user } = await openScene();
  const guard = await world.addGuard();
  const userPath = `/regions/US/installations/${user.installation.id}/users/${user.id}`;
  const code = await logIn(house, app, user);
  const { access_token } = await obtainToken(house, app, user);

  await house.admin("PATCH", userPath, { disabled: true });
  await assert.rejects(guard(`Bearer ${access_token}`), invalidToken);
  await assert.rejects(app.client.exchangeCode(code), invalidGrant);
  await house.admin("PATCH", userPath, { disabled: false });
  await guard(`Bearer ${access_token}`);

  await house.admin("PATCH", `/apps/${app.clientId}`, { status: "suspended" });
  await assert.rejects(guard(`Bearer ${access_token}`), invalidToken);
  await assert.rejects(app.client.exchangeCode(code), { code: "invalid_client" });
  await house.admin("PATCH", `/apps/${app.clientId}`, { status: "live" });
  await guard(`Bearer ${access_token}`);

  await house.admin("DELETE", userPath);
  await assert.rejects(guard(`Bearer ${access_token}`), invalidToken);
  await assert.rejects(app.client.exchangeCode(code), invalidGrant);

  const other = await world.addUser(await world.addInstallation("EU"));
  const token = await obtainToken(house, app, other);
  const waiting = await logIn(house, app, other);
  await house.admin("DELETE", `/regions/EU/installations/${other.installation.id}`);
  await assert.rejects(guard(`Bearer ${token.access_token}`), invalidToken);
  await assert.rejects(app.client.exchangeCode(waiting), invalidGrant);
});

test("deleting an app ends its tokens", async () => {
  const { house, world, app, user } = await openScene();
  const guard = await world.addGuard();
  const { access_token } = await obtainToken(house, app, user);

  await house.admin("DELETE", `/apps/${app.clientId}`);

  await assert.rejects(guard(`Bearer ${access_token}`), invalidToken);
});

test("of many exchanges of one code exactly one is answered, and the others end its token", async () => {
  const { house, world, app, user } = await openScene();
  const guard = await world.addGuard();
  const code = await logIn(house, app, user);

  const settled = await Promise.allSettled(Array.from({ length: 20 }, () => app.client.exchangeCode(code)));

  const won = settled.filter((one) => one.status === "fulfilled");
  assert.equal(won.length, 1);
  await assert.rejects(guard(`Bearer ${won[0]?.value.access_token}`), invalidToken);
});

test("openid adds an id_token that the published keys verify", async () => {
  const { house, app, user } = await openScene();
  const { createLocalJWKSet, jwtVerify } = await import("jose");
  const jwks = await (await house.fetch("/oauth2/jwks")).json();

  const { id_token = "", scope } = await app.client.exchangeCode(
    await logIn(house, app, user, { scope: "openid email" }),
  );

  const now = new Date(house.deps.now() * 1000);
  const verified = await jwtVerify(id_token, createLocalJWKSet(jwks), {
    issuer: house.config.url,
    audience: app.clientId,
    currentDate: now,
  });
  assert.equal(verified.payload.sub, String(user.id));
  assert.equal(scope, "projects openid email");
});

test("while an id_token cannot be signed neither a code nor a refresh token is spent for one", async () => {
  const { house, app, user } = await openScene({ tokens: "expiring" });
  const code = await logIn(house, app, user, { scope: "openid" });
  const { signer } = house.deps;
  const unavailable = { code: "temporarily_unavailable" };

  house.deps.signer = createSigner(house.deps.keys);
  await assert.rejects(app.client.exchangeCode(code), unavailable);
  house.deps.signer = signer;
  const { refresh_token = "" } = await app.client.exchangeCode(code);

  house.deps.signer = createSigner(house.deps.keys);
  await assert.rejects(app.client.refresh(refresh_token), unavailable);
  house.deps.signer = signer;
  house.passSeconds(60);
  assert.ok((await app.client.refresh(refresh_token)).id_token);
});
