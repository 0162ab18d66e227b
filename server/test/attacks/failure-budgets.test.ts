import assert from "node:assert/strict";
import { test } from "node:test";
import { exchange, exchangeOf, loginPath, newCode, openScene, postForm, type Scene } from "../support/scene.ts";
import { type Page, requirePage, type Visit, Visitor } from "../support/visitor.ts";
import { PASSWORD } from "../support/world.ts";

const ACCOUNT_MAX = 20;
const ADDRESS_MAX = 300;
const EXCHANGES_MAX = 120;

/** A sign-in page that can be sent again and again. */
async function signInForm({ house, app }: Scene, from?: string) {
  const visitor = new Visitor(house, from === undefined ? {} : { from });
  const page = requirePage(await visitor.go(loginPath(app)));
  return (email: string, password: string) => visitor.submit(page, { email, password });
}

const statusOf = (visit: Visit) => ("left" in visit ? 303 : visit.status);

/** Failures, without paying for each one's hash: what was counted is what counts. */
async function countFailures({ house }: Scene, region: "US" | "EU", email: string, failures: number) {
  const { keys, regions } = house.deps;
  const { store, now } = regions.require(region);
  for (let count = 0; count < failures; count++)
    await store.budgets.count(`account:${keys.hmac("email-budget", email)}`, now(), 3_600);
}

async function countAddressFailures({ house }: Scene, address: string, failures: number) {
  const { keys, directory, now } = house.deps;
  for (let count = 0; count < failures; count++)
    await directory.budgets.count(`login:${keys.hmac("address-pepper", address)}`, now(), 3_600);
}

test("an account allows 20 failures an hour, from however many addresses; then the right password is refused too", async () => {
  const scene = await openScene();
  const { user, house } = scene;
  for (let tries = 0; tries < ACCOUNT_MAX; tries++) {
    const submit = await signInForm(scene, `198.51.100.${tries}`);
    assert.equal(statusOf(await submit(user.email, `wrong ${tries}`)), 422);
  }
  const submit = await signInForm(scene, "198.51.100.99");

  const refused = requirePage(await submit(user.email, user.password));
  assert.equal(refused.status, 429);
  const retryAfter = Number(refused.headers.get("retry-after"));
  assert.ok(retryAfter > 0 && retryAfter <= 3_600);
  assert.deepEqual(refused.headers.getSetCookie(), [], "no session begins");
  assert.ok(refused.html.includes(user.email), "what was typed is kept");

  house.passSeconds(retryAfter);
  assert.equal(statusOf(await (await signInForm(scene))(user.email, user.password)), 303);
});

test("other spellings of an e-mail share its budget, and another account has its own", async () => {
  const scene = await openScene();
  const other = await scene.world.addUser(scene.user.installation);
  await countFailures(scene, "US", scene.user.email, ACCOUNT_MAX);
  const submit = await signInForm(scene);

  for (const spelling of [scene.user.email, scene.user.email.toUpperCase(), ` ${scene.user.email} `])
    assert.equal(statusOf(await submit(spelling, PASSWORD)), 429, spelling);
  assert.equal(statusOf(await submit(other.email, other.password)), 303);
});

test("successes are not counted, and do not wipe out the failures", async () => {
  const scene = await openScene();
  await countFailures(scene, "US", scene.user.email, ACCOUNT_MAX - 1);
  for (let count = 0; count < 3; count++)
    assert.equal(statusOf(await (await signInForm(scene))(scene.user.email, scene.user.password)), 303);

  const submit = await signInForm(scene);
  assert.equal(statusOf(await submit(scene.user.email, "wrong")), 422);
  assert.equal(statusOf(await submit(scene.user.email, scene.user.password)), 429);
});

test("tries while blocked do not prolong the block", async () => {
  const scene = await openScene();
  const submit = await signInForm(scene);
  await countFailures(scene, "US", scene.user.email, ACCOUNT_MAX);
  scene.house.passSeconds(1_800);
  for (let tries = 0; tries < 5; tries++) assert.equal(statusOf(await submit(scene.user.email, "wrong")), 429);

  scene.house.passSeconds(1_800);

  assert.equal(statusOf(await (await signInForm(scene))(scene.user.email, scene.user.password)), 303);
});

test("of many guesses at once no more are answered than the budget still allows", async () => {
  const scene = await openScene();
  await countFailures(scene, "US", scene.user.email, ACCOUNT_MAX - 1);
  const submit = await signInForm(scene);

  const pages = await Promise.all(
    Array.from({ length: 6 }, (_, number) => submit(scene.user.email, `guess ${number}`)),
  );

  const answered = pages.map(statusOf);
  assert.deepEqual(answered.sort(), [422, 429, 429, 429, 429, 429]);
});

test("an address allows 300 failures an hour across accounts, and every other address goes on", async () => {
  const scene = await openScene();
  const there = "203.0.113.7";
  await countAddressFailures(scene, there, ADDRESS_MAX - 1);
  const submit = await signInForm(scene, there);
  assert.equal(statusOf(await submit("nobody@example.com", "wrong")), 422);

  const refused = await submit(scene.user.email, scene.user.password);
  assert.equal(statusOf(refused), 429);
  assert.ok(Number((refused as Page).headers.get("retry-after")) > 0);

  assert.equal(statusOf(await (await signInForm(scene, "203.0.113.8"))(scene.user.email, PASSWORD)), 303);
  scene.house.passSeconds(3_600);
  assert.equal(statusOf(await (await signInForm(scene, there))(scene.user.email, PASSWORD)), 303);
});

test("an IPv6 customer is one address, whichever of a /64 is used", async () => {
  const scene = await openScene();
  await countAddressFailures(scene, "2001:db8:1:2::/64", ADDRESS_MAX);

  const statuses = await Promise.all(
    ["2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:DB8:1:2:0:0:0:9", "2001:db8:1:3::1"].map(
      async (from) => statusOf(await (await signInForm(scene, from))(scene.user.email, PASSWORD)),
    ),
  );

  assert.deepEqual(statuses, [429, 429, 429, 303]);
});

test("an address allows 120 failed exchanges a minute, at all doors together; then good codes wait too", async () => {
  const scene = await openScene();
  const { house, app } = scene;
  const from = "203.0.113.9";
  const good = await newCode(scene, app);
  const wrong = exchangeOf(app, "00000000-0000-0000-0000-000000000000-US");
  for (let tries = 0; tries < EXCHANGES_MAX; tries++) {
    const { status } =
      tries % 2 === 0
        ? await exchange(house, wrong, { from })
        : await postForm(house, "/oauth2/token", wrong, { from });
    assert.equal(status, 400);
  }

  for (const refused of [
    await exchange(house, exchangeOf(app, good), { from }),
    await exchange(house, "", { from }),
    await postForm(house, "/oauth2/token", { ...exchangeOf(app, good), grant_type: "authorization_code" }, { from }),
  ]) {
    assert.equal(refused.status, 429);
    assert.equal(refused.body.error, "slow_down");
    const retryAfter = Number(refused.headers.get("retry-after"));
    assert.ok(retryAfter > 0 && retryAfter <= 60);
  }
  house.passSeconds(60);
  assert.equal((await exchange(house, exchangeOf(app, good), { from })).status, 200, "the code was not spent");
});

test("exchanges that succeed are not counted, and do not wipe out the failures", async () => {
  const scene = await openScene();
  const { house, app } = scene;
  const from = "203.0.113.10";
  const good = async () => exchange(house, exchangeOf(app, await newCode(scene, app)), { from });
  for (let tries = 1; tries < EXCHANGES_MAX; tries++) await exchange(house, "", { from });
  for (let count = 0; count < 3; count++) assert.equal((await good()).status, 200);

  assert.equal((await exchange(house, "", { from })).status, 400);
  assert.equal((await good()).status, 429);
});

test("LATCHKEY_LIMITS=off lifts all of them", async () => {
  const scene = await openScene({}, { settings: { LATCHKEY_LIMITS: "off" } });
  const { house, app, user } = scene;
  const from = "203.0.113.11";
  await countFailures(scene, "US", user.email, ACCOUNT_MAX);
  await countAddressFailures(scene, from, ADDRESS_MAX);
  assert.equal(statusOf(await (await signInForm(scene, from))(user.email, user.password)), 303);

  for (let tries = 0; tries < EXCHANGES_MAX + 5; tries++)
    assert.equal((await exchange(house, exchangeOf(app, "none"), { from })).body.error, "invalid_grant");
});
