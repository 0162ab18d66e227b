import assert from "node:assert/strict";
import { test } from "node:test";
import { enter, IPHONE, isInside, open, openAccount } from "../support/account.ts";
import { openMailbox } from "../support/mailbox.ts";
import { requirePage, Visitor } from "../support/visitor.ts";
import { PASSWORD, signIn } from "../support/world.ts";

const NEW = "violet kettle on the moor";

test("a new password replaces the old one, signs out everywhere else and is told by mail", async () => {
  const { house, user, visitor } = await openAccount();
  const phone = await enter(house, user, IPHONE);
  const form = await open(visitor, "/account/password");

  const changed = requirePage(await visitor.submit(form, { current: PASSWORD, password: NEW }));

  assert.match(changed.html, /Your password is changed/);
  assert.equal(await isInside(visitor), true);
  assert.match((await open(visitor, "/")).title, /You are signed in/);
  assert.equal(await isInside(phone), false);
  assert.match((await open(phone, "/")).title, /Welcome/);
  assert.match((await openMailbox(house).newest(user.email)).subject, /password was changed/);
  const again = new Visitor(house);
  assert.equal(requirePage(await signIn(again, "/account", user)).status, 422);
  assert.match(requirePage(await signIn(again, "/account", { ...user, password: NEW })).title, /Your account/);
});

test("a wrong current password changes nothing and says so at its field", async () => {
  const { house, user, visitor } = await openAccount();
  const form = await open(visitor, "/account/password");

  const refused = requirePage(await visitor.submit(form, { current: "not the one", password: NEW }));

  assert.equal(refused.status, 422);
  assert.match(refused.html, /id="current-problem"/);
  assert.doesNotMatch(refused.html, /not the one|violet kettle/);
  assert.match(requirePage(await signIn(new Visitor(house), "/account", user)).title, /Your account/);
});

test("a weak password, the same one, or none is refused at its field", async () => {
  const { user, visitor } = await openAccount();
  const form = await open(visitor, "/account/password");
  for (const password of ["short", PASSWORD, "", `${user.email.split("@")[0]}-and-more`]) {
    const refused = requirePage(await visitor.submit(form, { current: PASSWORD, password }));
    assert.equal(refused.status, 422, password);
    assert.match(refused.html, /id="password-problem"/, password);
  }
});

test("links to choose a password that are under way die with the change", async () => {
  const { house, user, visitor } = await openAccount();
  const stranger = new Visitor(house);
  await stranger.submit(await open(stranger, "/login/forgot-password"), { email: user.email });
  const mail = await openMailbox(house).newest(user.email);
  const link = new URL(mail.text.match(/https?:\/\/\S+/)?.[0] ?? "").pathname;

  await visitor.submit(await open(visitor, "/account/password"), { current: PASSWORD, password: NEW });

  assert.equal((await open(stranger, link)).status, 410);
});
