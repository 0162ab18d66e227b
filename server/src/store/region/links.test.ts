import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { openRegion } from "../../../test/support/region.ts";
import type { LinkKind, LinkRecord, PasswordBySpending } from "./links.ts";

async function openLinks(t: TestContext) {
  const opened = await openRegion(t);
  const { region, db } = opened;
  const { store } = region;
  const addAccount = (accountId: string, passwordHash: string | null) =>
    store.accounts.add({
      accountId,
      email: `${accountId}@acme.test`,
      emailKey: `${accountId}@acme.test`,
      passwordHash,
      createdAt: region.now(),
      passwordChangedAt: null,
    });
  await addAccount("dana", "old hash");
  await addAccount("new", null);
  await addAccount("other", "other hash");

  async function make(linkHash: string, accountId = "dana", kind: LinkKind = "password_reset"): Promise<LinkRecord> {
    const createdAt = region.now();
    const at = { createdAt, expiresAt: createdAt + 1800 };
    const link = { linkHash, kind, accountId, installationId: null, userId: null, ...at };
    await db.batch([store.links.making(link)]);
    return link;
  }

  const spending = (link: LinkRecord, by: string): PasswordBySpending => ({
    link,
    spentBy: by,
    passwordHash: `hash of ${by}`,
    notice: { mailId: `notice of ${by}`, sealedMessage: "sealed" },
    failuresKey: "account:dana",
    at: region.now(),
  });

  const startSession = (sessionHash: string, accountId: string) =>
    db.batch([
      [
        `INSERT INTO session (session_hash, account_id, created_at, authenticated_at, last_used_at, remember, user_agent)
         VALUES ($1, $2, 1, 1, 1, 0, '')`,
        [sessionHash, accountId],
      ],
    ]);

  const passwordOf = async (accountId: string) => (await store.accounts.find(accountId))?.passwordHash;
  const sessionsLeft = async () =>
    (await db.read<{ id: string }>("SELECT session_hash AS id FROM session ORDER BY 1", [])).map(({ id }) => id);
  const mailsLeft = async () => (await store.mails.due(region.now(), 10)).map(({ mailId }) => mailId);
  return { ...opened, links: store.links, make, spending, startSession, passwordOf, sessionsLeft, mailsLeft };
}

test("of many who spend one link at once exactly one sets the password", async (t) => {
  const { links, make, spending, passwordOf, mailsLeft } = await openLinks(t);
  const link = await make("h1");

  const tries = Array.from({ length: 8 }, (_, i) => links.spendOnPassword(spending(link, `try ${i}`)));
  const won = (await Promise.all(tries)).flatMap((set, i) => (set ? [i] : []));

  assert.equal(won.length, 1);
  assert.equal(await passwordOf("dana"), `hash of try ${won[0]}`);
  assert.deepEqual(await mailsLeft(), [`notice of try ${won[0]}`]);
});

test("a new password ends the account's sessions and its other links, and nobody else's", async (t) => {
  const { links, make, spending, startSession, sessionsLeft, region } = await openLinks(t);
  const [first, second, others] = [await make("h1"), await make("h2"), await make("h3", "other")];
  await startSession("s1", "dana");
  await startSession("s2", "other");

  assert.equal(await links.spendOnPassword(spending(first, "dana")), true);

  assert.deepEqual(await sessionsLeft(), ["s2"]);
  assert.equal(await links.findLive(second.linkHash, region.now()), undefined);
  assert.ok(await links.findLive(others.linkHash, region.now()));
});

test("a link that is used or late changes nothing", async (t) => {
  const { links, make, spending, startSession, sessionsLeft, passwordOf, passSeconds, mailsLeft } = await openLinks(t);
  const [used, late] = [await make("h1"), await make("h2", "other")];
  await links.spendOnPassword(spending(used, "first"));
  await startSession("s1", "dana");
  passSeconds(1800);
  await startSession("s2", "other");

  assert.equal(await links.spendOnPassword(spending(used, "second")), false);
  assert.equal(await links.spendOnPassword(spending(late, "third")), false);

  assert.equal(await passwordOf("dana"), "hash of first");
  assert.equal(await passwordOf("other"), "other hash");
  assert.deepEqual(await sessionsLeft(), ["s1", "s2"]);
  assert.deepEqual(await mailsLeft(), ["notice of first"]);
});

test("an invitation sets the first password only", async (t) => {
  const { links, make, spending, startSession, sessionsLeft, passwordOf } = await openLinks(t);
  await startSession("s1", "dana");
  const late = await make("h1", "dana", "invitation");
  const first = await make("h2", "new", "invitation");

  assert.equal(await links.spendOnPassword(spending(late, "late")), false);
  assert.equal(await links.spendOnPassword(spending(first, "first")), true);

  assert.equal(await passwordOf("dana"), "old hash");
  assert.deepEqual(await sessionsLeft(), ["s1"]);
  assert.equal(await passwordOf("new"), "hash of first");
});

test("a link speaks for its account only while both are there", async (t) => {
  const { links, make, region, passSeconds } = await openLinks(t);
  await make("h1");
  await make("h2", "nobody");

  const live = await links.findLive("h1", region.now());
  assert.equal(live?.email, "dana@acme.test");
  assert.equal(live?.hasPassword, true);
  assert.equal(await links.findLive("h2", region.now()), undefined);
  passSeconds(1800);
  assert.equal(await links.findLive("h1", region.now()), undefined);
});

test("links whose time is over are forgotten", async (t) => {
  const { links, make, region, passSeconds } = await openLinks(t);
  await make("h1");
  passSeconds(900);
  await make("h2");
  passSeconds(900);

  assert.equal(await links.purge(region.now()), 1);
  assert.ok(await links.findLive("h2", region.now()));
});

test("a new password forgives the failed logins before it", async (t) => {
  const { links, make, spending, region } = await openLinks(t);
  await region.store.budgets.count("account:dana", region.now(), 3600);
  await region.store.budgets.count("account:other", region.now(), 3600);

  await links.spendOnPassword(spending(await make("h1"), "dana"));

  assert.equal((await region.store.budgets.count("account:dana", region.now(), 3600)).failures, 1);
  assert.equal((await region.store.budgets.count("account:other", region.now(), 3600)).failures, 2);
});
