import assert from "node:assert/strict";
import { test } from "node:test";
import { enter, IPHONE, isInside, open, openAccount } from "../support/account.ts";
import { requirePage } from "../support/visitor.ts";

const PATH = "/account/sessions";

test("every browser is listed in words, with its region and the time it was last seen, and this one is marked", async () => {
  const { house, user, visitor } = await openAccount();
  await enter(house, user, IPHONE);

  const { html } = await open(visitor, PATH);

  assert.match(html, /Firefox on Linux<\/strong>\s*<span class="badge good">This browser/);
  assert.match(html, /Safari on iPhone<\/strong>\s*<\/span>/);
  assert.match(html, /Last seen <time[\s\S]*region US/);
  assert.doesNotMatch(html, /Mozilla/);
});

test("one browser is signed out, and the others stay", async () => {
  const { house, user, visitor } = await openAccount();
  const phone = await enter(house, user, IPHONE);

  const ended = requirePage(await visitor.send(await open(visitor, PATH), `${PATH}/end`));

  assert.match(ended.html, /That browser is signed out/);
  assert.doesNotMatch(ended.html, /iPhone/);
  assert.equal(await isInside(phone), false);
  assert.equal(await isInside(visitor), true);
});

test("all others are signed out at once", async () => {
  const { house, user, visitor } = await openAccount();
  const others = [await enter(house, user, IPHONE), await enter(house, user, "")];

  const ended = requirePage(await visitor.send(await open(visitor, PATH), `${PATH}/end-others`));

  for (const other of others) assert.equal(await isInside(other), false);
  assert.equal(await isInside(visitor), true);
  assert.doesNotMatch(ended.html, /Sign out all others/);
});

test("signing out everywhere ends this browser too, at the login and in the portal", async () => {
  const { house, user, visitor } = await openAccount();
  const phone = await enter(house, user, IPHONE);
  const before = new Map(visitor.cookies);

  const out = requirePage(await visitor.send(await open(visitor, PATH), `${PATH}/end-all`));

  assert.match(out.url, /\/logged-out$/);
  for (const [name, value] of before) visitor.cookies.set(name, value);
  for (const browser of [visitor, phone]) {
    assert.equal(await isInside(browser), false);
    assert.match((await open(browser, "/")).title, /Welcome/);
  }
});

test("a session that ended by its age is not listed", async () => {
  const { house, user } = await openAccount();
  house.passSeconds(13 * 3_600);
  const phone = await enter(house, user, IPHONE);
  assert.doesNotMatch((await open(phone, PATH)).html, /Firefox/);
});
