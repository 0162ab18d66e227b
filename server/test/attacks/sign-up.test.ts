import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../support/house.ts";
import { openMailbox } from "../support/mailbox.ts";
import { rowsOfHouse } from "../support/rows.ts";
import { askForCode, codeFor, DRAFT, newEmail, OPEN, proveEmail, signUp, wrongCode } from "../support/sign-up.ts";
import { requirePage, Visitor } from "../support/visitor.ts";

test("five guesses at a code, at once or one by one, and the right one is worth nothing", async () => {
  const house = await openHouse(OPEN);
  const visitor = new Visitor(house);
  const email = newEmail();
  const page = await askForCode(visitor, email);
  const code = await codeFor(house, email);
  await Promise.all(Array.from({ length: 12 }, () => visitor.submit(page, { code: wrongCode(code) })));
  const late = requirePage(await visitor.submit(page, { code }));
  assert.equal(late.status, 422);
  assert.match(late.html, /No code works here any more/);
});

test("a code proves neither another e-mail nor another sign-up, nor anything in another browser", async () => {
  const house = await openHouse(OPEN);
  const [mine, theirs] = [new Visitor(house), new Visitor(house)];
  const [own, victim] = [newEmail(), newEmail()];
  const ownPage = await askForCode(mine, own);
  const victimPage = await askForCode(mine, victim);
  const code = await codeFor(house, own);
  assert.equal(requirePage(await mine.submit(victimPage, { code })).status, 422);
  await theirs.go("/portal/sign-up");
  assert.equal(requirePage(await theirs.go(new URL(ownPage.url).href.slice(house.config.url.length))).status, 410);
  const [form] = ownPage.forms;
  for (const sealed of ["", "x", `${form?.fields.sign_up?.slice(0, -2)}AA`])
    assert.equal(
      requirePage(await mine.post("/portal/sign-up/code", { ...form?.fields, sign_up: sealed, code })).status,
      410,
    );
});

test("an e-mail with an account gets the same page; only its mail tells, and no code of it exists", async () => {
  const house = await openHouse(OPEN);
  const { email } = await signUp(house, newEmail(), "EU");
  const look = async (address: string) => {
    const page = await askForCode(new Visitor(house), address, "US");
    const html = page.html.replaceAll(address, "EMAIL").replace(/value="[\w-]{40,}"/g, "SEALED");
    return { status: page.status, html };
  };
  assert.deepEqual(await look(email), await look(newEmail()));
  const mail = await openMailbox(house).newest(email);
  assert.equal(mail.subject, "You already have an account");
  assert.equal(await house.deps.regions.require("US").store.accounts.findByEmailKey(email), undefined);
});

test("nobody's mailbox is filled: four mails an hour to one e-mail, whoever asks", async () => {
  const house = await openHouse(OPEN);
  const email = newEmail();
  for (let asked = 0; asked < 4; asked++)
    assert.equal((await askForCode(new Visitor(house, { from: `192.0.2.${asked + 10}` }), email)).status, 200);
  assert.equal((await askForCode(new Visitor(house, { from: "192.0.2.99" }), email)).status, 429);
  assert.equal((await openMailbox(house).settled()).filter(({ to }) => to === email).length, 4);
  const visitor = new Visitor(house, { from: "192.0.2.50" });
  for (let asked = 0; asked < 30; asked++) await askForCode(visitor, newEmail());
  assert.equal((await askForCode(visitor, newEmail())).status, 429, "thirty an hour from one address");
});

test("another site sends none of the forms", async () => {
  const house = await openHouse(OPEN);
  const visitor = new Visitor(house);
  const page = await proveEmail(house, visitor, newEmail());
  const fields = { ...page.forms[0]?.fields, ...DRAFT };
  for (const path of ["", "/code", "/resend", "/account"]) {
    const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    assert.equal(requirePage(await visitor.post(`/portal/sign-up${path}`, fields, foreign)).status, 403);
    assert.equal(requirePage(await visitor.post(`/portal/sign-up${path}`, { ...fields, form_token: "x" })).status, 403);
  }
});

test("a name of a stranger is text wherever it stands", async () => {
  const house = await openHouse(OPEN);
  const visitor = new Visitor(house);
  const form = await proveEmail(house, visitor, newEmail());
  const evil = `"><script>alert(1)</script>`;
  const wrong = requirePage(await visitor.submit(form, { ...DRAFT, teamName: evil, firstName: evil, password: "x" }));
  const page = requirePage(await visitor.submit(wrong, { ...DRAFT, teamName: evil, firstName: evil }));
  assert.equal(page.status, 200);
  for (const { html } of [wrong, page]) assert.ok(!html.includes("<script>alert"));
});

test("where sign-up is closed every address of it says so, and nothing is written", async () => {
  const house = await openHouse();
  const visitor = new Visitor(house);
  await visitor.go("/portal");
  const before = await rowsOfHouse(house);
  assert.equal(requirePage(await visitor.go("/portal/sign-up")).status, 403);
  for (const path of ["", "/code", "/resend", "/account"])
    assert.equal(
      requirePage(await visitor.post(`/portal/sign-up${path}`, { email: newEmail(), region: "US" })).status,
      403,
    );
  assert.deepEqual(await rowsOfHouse(house), before);
});
