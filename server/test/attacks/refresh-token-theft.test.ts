import assert from "node:assert/strict";
import { test } from "node:test";
import { exchange, exchangeOf, isActive, newCode, newPkce, openScene, postForm } from "../support/scene.ts";

const scene = await openScene({ tokens: "expiring", scopes: ["projects", "desk"] });
const { house, world, app, user } = scene;
const stranger = await world.registerApp({ name: "Stranger", tokens: "expiring" });

type Client = typeof app;
const refresh = (refresh_token: unknown, one: Client = app, more: Record<string, unknown> = {}) =>
  exchange(house, {
    client_id: one.clientId,
    ...(one.clientSecret !== undefined && { client_secret: one.clientSecret }),
    grant_type: "refresh_token",
    refresh_token,
    ...more,
  });
const newPair = async (one = app) => (await exchange(house, exchangeOf(one, await newCode(scene, one)))).body;

test("a refresh token is worth nothing to another app, without its app's secret, or as a code", async () => {
  const { refresh_token } = await newPair();

  assert.equal((await refresh(refresh_token, stranger)).body.error, "invalid_grant");
  assert.equal((await refresh(refresh_token, app, { client_secret: "wrong" })).body.error, "invalid_client");
  assert.equal((await refresh(refresh_token, app, { client_secret: undefined })).body.error, "invalid_client");
  assert.equal((await exchange(house, exchangeOf(app, refresh_token))).body.error, "invalid_grant");

  assert.equal((await refresh(refresh_token)).status, 200, "and none of that used it up");
});

test("a thief who refreshes second ends what he stole, and one who refreshes first is found out by the second", async () => {
  for (const order of ["owner first", "thief first"]) {
    const { refresh_token } = await newPair();
    const first = await refresh(refresh_token);
    assert.equal(first.status, 200, order);
    house.passSeconds(11);

    assert.equal((await refresh(refresh_token)).body.error, "invalid_grant");

    assert.equal(await isActive(house, first.body.access_token), false, order);
    assert.equal((await refresh(first.body.refresh_token)).body.error, "invalid_grant", order);
  }
});

test("one family's end is not another's", async () => {
  const [one, two] = [await newPair(), await newPair()];
  await refresh(one.refresh_token);
  house.passSeconds(11);
  await refresh(one.refresh_token);

  assert.equal(await isActive(house, one.access_token), false);
  assert.equal(await isActive(house, two.access_token), true);
  assert.equal((await refresh(two.refresh_token)).status, 200);
});

test("a refresh may ask for less and never for more (RFC 6749 §6)", async () => {
  const { refresh_token } = await newPair();
  for (const scope of ["crm", "projects crm", "openid", "projects desk profile"])
    assert.equal((await refresh(refresh_token, app, { scope })).body.error, "invalid_scope", scope);
  const less = await refresh(refresh_token, app, { scope: "desk" });
  assert.equal(less.body.scope, "desk");
  const whole = await refresh(less.body.refresh_token);
  assert.equal(whole.body.scope, "projects desk", "the grant itself is as wide as it was");
});

test("who refreshes for a user that is disabled, or whose app is suspended, gets nothing", async () => {
  const path = `/regions/US/installations/${user.installation.id}/users/${user.id}`;
  const { refresh_token } = await newPair();

  await house.admin("PATCH", path, { disabled: true });
  assert.equal((await refresh(refresh_token)).body.error, "invalid_grant");
  await house.admin("PATCH", path, { disabled: false });
  await house.admin("PATCH", `/apps/${app.clientId}`, { status: "suspended" });
  assert.equal((await refresh(refresh_token)).body.error, "invalid_client");
  await house.admin("PATCH", `/apps/${app.clientId}`, { status: "live" });

  assert.equal((await refresh(refresh_token)).status, 200);
});

test("a public app refreshes by its id alone, so its tokens change at each use and a copy gives itself away", async () => {
  const open = await world.registerApp({ kind: "public", trusted: true, tokens: "expiring" });
  const { verifier, parameters } = newPkce();
  const code = await newCode(scene, open, parameters);
  const { body } = await exchange(house, exchangeOf(open, code, { code_verifier: verifier }));

  const next = await refresh(body.refresh_token, open);
  assert.equal(next.status, 200);
  assert.notEqual(next.body.refresh_token, body.refresh_token);
  house.passSeconds(11);
  assert.equal((await refresh(body.refresh_token, open)).body.error, "invalid_grant");
  assert.equal(await isActive(house, next.body.access_token), false);
});

test("of many refreshes at once all are answered within the grace, and each pair is another", async () => {
  const { refresh_token } = await newPair();
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refresh_token)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.equal(new Set(answers.map(({ body }) => body.refresh_token)).size, 8);
});

test("an app with permanent tokens refreshes nothing, and says so", async () => {
  const permanent = await world.registerApp({ trusted: true });
  const body = await newPair(permanent);
  assert.equal("refresh_token" in body, false);
  const { refresh_token } = await newPair();
  assert.equal((await refresh(refresh_token, permanent)).body.error, "unsupported_grant_type");
});

test("a refresh without its token is an invalid request, at both doors", async () => {
  const fields = { client_id: app.clientId, client_secret: app.clientSecret, grant_type: "refresh_token" };
  for (const refresh_token of [undefined, "", 7, null, ["x"]])
    assert.equal((await refresh(refresh_token)).body.error, "invalid_request");
  assert.equal((await postForm(house, "/oauth2/token", fields)).body.error, "invalid_request");
});
