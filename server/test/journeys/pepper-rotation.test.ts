import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deps } from "../../src/deps.ts";
import {
  createEmailKeys,
  findSignIn,
  newSealedPepper,
  openPepper,
  routeKey,
} from "../../src/domain/accounts/email-keys.ts";
import { findOrMakeAccount } from "../../src/domain/accounts/find-or-make.ts";
import { pepperStatus, rotatePepper } from "../../src/domain/accounts/rotate-pepper.ts";
import { auditEntry } from "../../src/domain/audit.ts";
import { deriveKeys } from "../../src/secrets.ts";
import { type House, openHouse } from "../support/house.ts";
import { logIn, worldOf } from "../support/world.ts";

const HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA";

const rotate = (house: House, settleMilliseconds = 0) => rotatePepper(house.deps, { report() {}, settleMilliseconds });

/** Another server on the same databases, which hears of nothing by itself. */
async function neighbourOf({ deps }: House): Promise<Deps> {
  const emailKeys = createEmailKeys(deps.directory, deps.keys, deps.now);
  await emailKeys.load();
  return { ...deps, emailKeys };
}

/** What a run does first, and one that is killed then leaves behind. */
const beginOnly = ({ deps }: House, generation = 2) =>
  deps.directory.peppers.addNext(
    { generation, sealedPepper: newSealedPepper(deps.keys, generation), createdAt: deps.now() },
    auditEntry("test", "pepper.rotate", String(generation), deps.now()),
  );

const make = (deps: Deps, email: string, region = "US", passwordHash: () => Promise<string> = async () => HASH) =>
  findOrMakeAccount(deps, {
    ...{ email, emailKey: email, region: deps.regions.require(region) },
    ...{ passwordHash, invitation: () => [] },
  });

const accountOf = async (deps: Deps, email: string) =>
  (await findSignIn(deps, email, "login:nobody")).account?.accountId;

async function accountsIn({ deps }: House): Promise<number> {
  const counts = deps.regions.all.map(({ store }) =>
    store.db.read<{ count: number }>("SELECT COUNT(*) AS count FROM account", []),
  );
  return (await Promise.all(counts)).reduce((sum, [row]) => sum + (row?.count ?? 0), 0);
}

test("while the pepper is rotated people log in, are registered and invited, and nobody is refused, doubled or lost", async () => {
  const house = await openHouse();
  const world = worldOf(house);
  const [american, european] = [await world.addInstallation("US"), await world.addInstallation("EU")];
  const app = await world.registerApp({ trusted: true });
  const users = [await world.addUser(american), await world.addUser(european)];

  let rotating = true;
  const rotation = (async () => {
    for (let times = 0; times < 3; times++) await rotate(house, 200);
    rotating = false;
  })();
  const made: string[] = [];
  for (let number = 0; rotating || number < 6; number++) {
    const [one, two] = [`new${number}@example.com`, `invited${number}@example.com`];
    const [, , ...created] = await Promise.all([
      ...users.map((user) => logIn(house, app, user)),
      ...[american, european].map((place) =>
        world.addUser(place, { email: one, passwordHash: HASH, password: undefined }),
      ),
      world.addUser(european, { email: two, password: undefined }),
    ]);
    assert.equal(created.length, 3);
    made.push(one, two);
  }
  await rotation;

  assert.equal(await accountsIn(house), users.length + made.length);
  for (const email of made) assert.ok(await accountOf(house.deps, email), email);
  for (const user of users) await logIn(house, app, user);
  const status = await pepperStatus(house.deps);
  assert.deepEqual(status, [{ generation: 4, createdAt: house.deps.now(), keys: users.length + made.length }]);
});

test("a server that has heard of nothing finds accounts and makes them all the same", async () => {
  const house = await openHouse();
  const late = await neighbourOf(house);
  await make(house.deps, "old@example.com");

  await beginOnly(house);
  const { accountId } = await make(late, "during@example.com");
  await rotate(house);

  const later = await neighbourOf(house);
  await rotate(house);
  for (const deps of [house.deps, late, later]) {
    assert.ok(await accountOf(deps, "old@example.com"));
    assert.equal(await accountOf(deps, "during@example.com"), accountId);
    assert.equal(await accountOf(deps, "nobody@example.com"), undefined);
  }
  const both = await neighbourOf(house);
  const answers = await Promise.all([make(later, "twice@example.com"), make(both, "twice@example.com", "EU")]);
  assert.equal(new Set(answers.map((answer) => answer.accountId)).size, 1);
  assert.equal(answers.filter(({ made }) => made).length, 1);
});

test("servers that know one pepper and two agree on the account of an e-mail that both make at once", async () => {
  const house = await openHouse();
  for (let number = 0; number < 8; number++) {
    const email = `racer${number}@example.com`;
    const late = await neighbourOf(house);
    await beginOnly(house, number + 2);
    const answers = await Promise.all([make(late, email), make(await neighbourOf(house), email, "EU")]);
    await rotate(house);
    assert.equal(new Set(answers.map((answer) => answer.accountId)).size, 1, email);
    assert.equal(await accountOf(house.deps, email), answers[0]?.accountId);
  }
  assert.equal(await accountsIn(house), 8);
});

test("an account that is being made all through a rotation keeps its way in", async () => {
  const house = await openHouse();
  const { accountId } = await make(house.deps, "slow@example.com", "EU", async () => {
    await rotate(house); // the route is there, and its account is not
    return HASH;
  });
  assert.equal(await accountOf(house.deps, "slow@example.com"), accountId);
  assert.deepEqual(
    (await pepperStatus(house.deps)).map(({ generation, keys }) => [generation, keys]),
    [[2, 1]],
  );
});

test("a rotation that was cut off goes on with the next run, which begins no other", async () => {
  const house = await openHouse();
  const { deps } = house;
  const emails = Array.from({ length: 12 }, (_, number) => `cut${number}@example.com`);
  for (const email of emails) await make(deps, email, email.length % 2 ? "US" : "EU");
  await beginOnly(house);
  const [old, next] = (await deps.directory.peppers.list()).map((record) => openPepper(deps.keys, record));
  assert.ok(old && next);
  const half = emails.slice(0, 5).map((email) => ({ key: routeKey(old, email).key, newer: routeKey(next, email).key }));
  await deps.directory.peppers.carryOver(2, half);
  for (const email of emails) assert.ok(await accountOf(deps, email), `${email}, half way`);

  await Promise.all([rotate(house), rotate(house)]);

  for (const email of emails) assert.ok(await accountOf(deps, email), email);
  const [last, ...others] = await pepperStatus(deps);
  assert.deepEqual([last?.keys, others], [12, []]);
});

test("a key that leads nowhere, or to an account of another e-mail, goes with its pepper", async () => {
  const house = await openHouse();
  const { deps } = house;
  const { accountId } = await make(deps, "one@example.com");
  await deps.directory.routes.addAccount(await deps.emailKeys.of("nobody@example.com"), {
    accountId: "f".repeat(32),
    region: "EU",
  });
  await deps.directory.routes.addAccount(await deps.emailKeys.of("other@example.com"), { accountId, region: "US" });
  await rotate(house);
  assert.deepEqual(
    (await pepperStatus(deps)).map(({ keys }) => keys),
    [1],
  );
  assert.equal(await accountOf(deps, "one@example.com"), accountId);
});

test("the pepper lies sealed in the directory, and another LATCHKEY_SECRET does not open it", async () => {
  const { deps } = await openHouse();
  const [record] = await deps.directory.peppers.list();
  assert.ok(record);
  const { key } = openPepper(deps.keys, record);
  assert.equal(key.length, 32);
  assert.ok(!record.sealedPepper.includes(key.toString("base64url")));
  assert.throws(() => openPepper(deriveKeys(Buffer.alloc(32)), record), /LATCHKEY_SECRET is not the one/);
});

test("a rotation is in the operator's audit log, begun and ended", async () => {
  const house = await openHouse();
  await rotate(house);
  const { body } = await house.admin("GET", "/audit");
  const actions = body.items.map(({ action }: { action: string }) => action);
  assert.deepEqual(actions.filter((action: string) => action.startsWith("pepper.")).sort(), [
    "pepper.forget",
    "pepper.rotate",
  ]);
});
