import assert from "node:assert/strict";
import { test } from "node:test";
import { createFormFiller } from "../support/form-filler.ts";
import { openHouse } from "../support/house.ts";
import { linkIn, openMailbox } from "../support/mailbox.ts";
import { worldOf } from "../support/world.ts";

/** Nobody has chosen a password yet. */
const INVITED = { password: undefined };
const PASSWORD = "seven tidy giraffes";

test("a user without a password is invited by mail, chooses one, and has it", async () => {
  const house = await openHouse();
  const { addInstallation, addUser } = worldOf(house);
  await addUser(await addInstallation("EU", { name: "Acme Works" }), { email: "Dana@acme.test", ...INVITED });

  const mail = await openMailbox(house).newest("Dana@acme.test");
  assert.equal(mail.region, "EU");
  assert.match(mail.subject, /Acme Works/);
  assert.match(mail.text, /7 days/);
  const visitor = createFormFiller(house);
  const confirm = await visitor.open(linkIn(mail));
  assert.equal(confirm.status, 200);
  const choose = await visitor.submit(confirm);
  assert.match(choose.html, /Acme Works/);
  assert.equal(choose.forms[0]?.fields.email, "Dana@acme.test");
  const saved = await visitor.submit(choose, { password: PASSWORD });

  assert.equal(saved.status, 200);
  assert.match(saved.html, /Your password is saved/);
  const account = await house.deps.regions.require("EU").store.accounts.findByEmailKey("dana@acme.test");
  assert.equal(await house.deps.passwords.verify(account?.passwordHash ?? null, PASSWORD), true);
  assert.match((await openMailbox(house).newest("Dana@acme.test")).subject, /changed/);
});

test("an invitation lives seven days", async () => {
  const house = await openHouse();
  const { addInstallation, addUser } = worldOf(house);
  await addUser(await addInstallation(), { email: "dana@acme.test", ...INVITED });
  const link = linkIn(await openMailbox(house).newest("dana@acme.test"));

  house.passSeconds(7 * 24 * 3600 - 1);
  assert.equal((await createFormFiller(house).open(link)).status, 200);
  house.passSeconds(1);
  assert.equal((await createFormFiller(house).open(link)).status, 410);
});

test("who let an invitation expire gets in by way of the forgotten password", async () => {
  const house = await openHouse();
  const { addInstallation, addUser } = worldOf(house);
  await addUser(await addInstallation(), { email: "dana@acme.test", ...INVITED });
  house.passSeconds(8 * 24 * 3600);
  const visitor = createFormFiller(house);

  await visitor.submit(await visitor.open("/login/forgot-password"), { email: "dana@acme.test" });
  const confirm = await visitor.open(linkIn(await openMailbox(house).newest("dana@acme.test")));
  const saved = await visitor.submit(await visitor.submit(confirm), { password: PASSWORD });

  assert.match(saved.html, /Your password is saved/);
});

test("a person invited to two installations accepts once; the other invitation is no second way in", async () => {
  const house = await openHouse();
  const { addInstallation, addUser } = worldOf(house);
  const [acme, globex] = [await addInstallation("US"), await addInstallation("EU")];
  const mailbox = openMailbox(house);
  await addUser(acme, { email: "dana@acme.test", ...INVITED });
  const first = linkIn(await mailbox.newest("dana@acme.test"));
  await addUser(globex, { email: "dana@acme.test", ...INVITED });
  const second = linkIn(await mailbox.newest("dana@acme.test"));
  assert.notEqual(first, second);
  const visitor = createFormFiller(house);
  const chooseBySecond = await visitor.submit(await visitor.open(second));

  const chooseByFirst = await visitor.submit(await visitor.open(first));
  assert.match((await visitor.submit(chooseByFirst, { password: PASSWORD })).html, /saved/);

  const again = await visitor.submit(chooseBySecond, { password: "another fine sentence" });
  assert.equal(again.status, 410);
  const account = await house.deps.regions.require("US").store.accounts.findByEmailKey("dana@acme.test");
  assert.equal(await house.deps.passwords.verify(account?.passwordHash ?? null, PASSWORD), true);
});

test("somebody who has an account already gets no invitation", async () => {
  const house = await openHouse();
  const { addInstallation, addUser } = worldOf(house);
  const [acme, globex] = [await addInstallation("US"), await addInstallation("EU")];
  await addUser(acme, { email: "dana@acme.test", password: PASSWORD });

  await addUser(globex, { email: "dana@acme.test", ...INVITED });

  assert.deepEqual(await openMailbox(house).settled(), []);
});
