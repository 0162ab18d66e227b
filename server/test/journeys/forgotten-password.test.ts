import assert from "node:assert/strict";
import { test } from "node:test";
import { hashSecret } from "../../src/secrets.ts";
import { createFormFiller, type FormFiller } from "../support/form-filler.ts";
import { type House, openHouse } from "../support/house.ts";
import { linkIn, openMailbox } from "../support/mailbox.ts";
import { worldOf } from "../support/world.ts";

const EMAIL = "dana@acme.test";
const OLD = "seven tidy giraffes";
const NEW = "eight muddy zebras";

async function openWithDana() {
  const house = await openHouse();
  const { addInstallation, addUser } = worldOf(house);
  await addUser(await addInstallation("EU"), { email: EMAIL, password: OLD });
  return { house, mailbox: openMailbox(house), visitor: createFormFiller(house) };
}

async function askForLink(visitor: FormFiller, email = EMAIL) {
  return visitor.submit(await visitor.open("/login/forgot-password"), { email });
}

async function hasPassword(house: House, password: string): Promise<boolean> {
  const account = await house.deps.regions.require("EU").store.accounts.findByEmailKey(EMAIL);
  return house.deps.passwords.verify(account?.passwordHash ?? null, password);
}

test("a forgotten password is replaced by way of a mailed link", async () => {
  const { house, mailbox, visitor } = await openWithDana();

  const sent = await askForLink(visitor, " DANA@acme.test ");
  assert.match(sent.html, /Check your mail/);
  const mail = await mailbox.newest(EMAIL);
  assert.match(mail.text, /30 minutes/);
  const choose = await visitor.submit(await visitor.open(linkIn(mail)));
  const refused = await visitor.submit(choose, { password: "password1234" });
  assert.equal(refused.status, 422);
  assert.match(refused.html, /Too many people use this password/);
  assert.doesNotMatch(refused.html, /password1234/);
  const saved = await visitor.submit(refused, { password: NEW });

  assert.match(saved.html, /Your password is saved/);
  assert.equal(await hasPassword(house, NEW), true);
  assert.equal(await hasPassword(house, OLD), false);
  assert.match((await mailbox.newest(EMAIL)).subject, /Your password was changed/);
});

test("a reset link lives 30 minutes", async () => {
  const { house, mailbox, visitor } = await openWithDana();
  await askForLink(visitor);
  const link = linkIn(await mailbox.newest(EMAIL));
  const choose = await visitor.submit(await visitor.open(link));

  house.passSeconds(30 * 60 - 1);
  assert.equal((await visitor.open(link)).status, 200);
  house.passSeconds(1);
  assert.equal((await visitor.open(link)).status, 410);
  assert.equal((await visitor.submit(choose, { password: NEW })).status, 410);
  assert.equal(await hasPassword(house, OLD), true);
});

test("a new password ends every session of the account", async () => {
  const { house, mailbox, visitor } = await openWithDana();
  const { store } = house.deps.regions.require("EU");
  const account = await store.accounts.findByEmailKey(EMAIL);
  const sessionHash = hashSecret("a thief's cookie");
  const at = house.deps.now();
  await store.db.batch([
    [
      `INSERT INTO session (session_hash, account_id, created_at, authenticated_at, last_used_at, remember, user_agent)
       VALUES ($1, $2, $3, $3, $3, 1, '')`,
      [sessionHash, account?.accountId ?? "", at],
    ],
  ]);
  await askForLink(visitor);
  const choose = await visitor.submit(await visitor.open(linkIn(await mailbox.newest(EMAIL))));
  assert.ok(await store.sessions.find(sessionHash));

  await visitor.submit(choose, { password: NEW });

  assert.equal(await store.sessions.find(sessionHash), undefined);
});

test("more than three requests an hour bring no further mail, and look the same", async () => {
  const { house, mailbox, visitor } = await openWithDana();
  const pages = [];
  for (let i = 0; i < 5; i++) pages.push(await askForLink(visitor));

  assert.deepEqual(new Set(pages.map(({ html, status }) => `${status} ${html}`)).size, 1);
  assert.equal((await mailbox.settled()).length, 3);
  house.passSeconds(3600);
  await askForLink(visitor);
  assert.equal((await mailbox.settled()).length, 4);
});

test("one address cannot ask for the links of very many accounts", async () => {
  const { house, visitor } = await openWithDana();
  const form = await visitor.open("/login/forgot-password");
  const statuses = [];
  for (let i = 0; i < 61; i++) statuses.push((await visitor.submit(form, { email: `nobody${i}@acme.test` })).status);

  assert.deepEqual(new Set(statuses.slice(0, 60)), new Set([200]));
  assert.equal(statuses[60], 429);
  assert.equal((await askForLink(createFormFiller(house, { from: "198.51.100.7" }))).status, 200);
});

test("what is no e-mail is said at the field, and what was typed is kept", async () => {
  const { visitor, mailbox } = await openWithDana();

  const page = await askForLink(visitor, 'dana <"x"> acme.test');

  assert.equal(page.status, 422);
  assert.match(page.html, /<title>Error:/);
  assert.equal(page.forms[0]?.fields.email, 'dana <"x"> acme.test');
  assert.deepEqual(await mailbox.settled(), []);
});

test("a password manager finds where passwords are changed", async () => {
  const { house } = await openWithDana();

  const answer = await house.fetch("/.well-known/change-password");

  assert.deepEqual([answer.status, answer.headers.get("location")], [302, "/login/forgot-password"]);
});

test("a developer finds the mails that were not sent in the outbox", async () => {
  const { mailbox, visitor } = await openWithDana();
  await askForLink(visitor);
  const mail = await mailbox.newest(EMAIL);

  const list = await visitor.open("/dev/outbox");
  assert.match(list.html, new RegExp(`/dev/outbox/${mail.outboxId}`));
  const shown = await visitor.open(`/dev/outbox/${mail.outboxId}`);
  assert.ok(shown.html.includes(linkIn(mail)));
});
