import assert from "node:assert/strict";
import { test } from "node:test";
import { enter, open, openAccount } from "../support/account.ts";
import { requirePage } from "../support/visitor.ts";

test("the account page names the e-mail, the home region and every user the person is, in all regions", async () => {
  const { house, world, user, visitor } = await openAccount();
  const second = await world.addInstallation("EU", { name: "Beta Labs" });
  await world.addUser(second, { email: user.email, firstName: "D.", lastName: "Lee-Kim", role: "admin" });

  const page = await open(visitor, "/account");

  for (const said of [user.email, "Acme US", "Beta Labs", "D. Lee-Kim", "Dana Lee", "Admin", "Member"])
    assert.ok(page.html.includes(said), said);
  assert.match(page.html, /Region <b>US<\/b>/);
  assert.equal(house.logLines.filter((line) => line.includes(user.email)).length, 0);
});

test("a name is changed where it is meant, and apps see it from then on", async () => {
  const { house, user, visitor } = await openAccount();
  const place = `US-${user.installation.id}`;
  const form = await open(visitor, `/account/users/${place}`);

  const saved = requirePage(await visitor.submit(form, { firstName: " Dana Q. ", lastName: "Ng" }));

  assert.match(saved.html, /Your name is saved/);
  const found = await house.admin("GET", `/regions/US/installations/${user.installation.id}/users/${user.id}`);
  assert.deepEqual([found.body.firstName, found.body.lastName], ["Dana Q.", "Ng"]);
  const { body } = await house.admin("GET", "/audit?limit=200");
  const entry = body.items.find((one: { action: string }) => one.action === "user.rename");
  assert.match(entry.actor, /^account:/);
  assert.deepEqual(entry.detail, { fields: ["firstName", "lastName"] });
});

test("an empty or an endless name comes back with what was typed and a sentence at the field", async () => {
  const { user, visitor } = await openAccount();
  const form = await open(visitor, `/account/users/US-${user.installation.id}`);

  const empty = requirePage(await visitor.submit(form, { firstName: " ", lastName: "" }));
  assert.equal(empty.status, 422);
  assert.match(empty.html, /id="firstName-problem"[\s\S]*Enter a name/);

  const long = requirePage(await visitor.submit(form, { firstName: "x".repeat(101), lastName: "Lee" }));
  assert.equal(long.status, 422);
  assert.ok(long.html.includes(`value="${"x".repeat(101)}"`));
  assert.match((await open(visitor, "/account")).html, /Dana Lee/);
});

test("a name that somebody else changed meanwhile is not overwritten unseen", async () => {
  const { house, user, visitor } = await openAccount();
  const form = await open(visitor, `/account/users/US-${user.installation.id}`);
  const path = `/regions/US/installations/${user.installation.id}/users/${user.id}`;
  await house.admin("PATCH", path, { firstName: "Diana" });

  const stale = requirePage(await visitor.submit(form, { firstName: "Dee", lastName: "Lee" }));

  assert.equal(stale.status, 409);
  assert.match(stale.html, /Diana Lee/);
  assert.match(stale.html, /value="Dee"/);
  assert.equal((await house.admin("GET", path)).body.firstName, "Diana");
  assert.equal(requirePage(await visitor.submit(stale, { firstName: "Dee", lastName: "Lee" })).status, 200);
  assert.equal((await house.admin("GET", path)).body.firstName, "Dee");
});

test("a user that is switched off is shown as such and cannot be renamed", async () => {
  const { house, world, user, visitor } = await openAccount();
  const second = await world.addInstallation("EU");
  const other = await world.addUser(second, { email: user.email });
  await house.admin("PATCH", `/regions/EU/installations/${second.id}/users/${other.id}`, { disabled: true });

  assert.match((await open(visitor, "/account")).html, /Switched off/);
  assert.equal((await open(visitor, `/account/users/EU-${second.id}`)).status, 404);
});

test("the home page leads whoever is signed in to their account", async () => {
  const { house, visitor } = await openAccount();
  assert.match((await open(visitor, "/")).html, /href="\/account"/);
  const stranger = new (await import("../support/visitor.ts")).Visitor(house);
  assert.doesNotMatch((await open(stranger, "/")).html, /href="\/account"/);
});

test("the chooser marks the installation that was chosen last in this browser", async () => {
  const { house, world, user } = await openAccount();
  const second = await world.addInstallation("EU", { name: "Beta Labs" });
  await world.addUser(second, { email: user.email });
  const visitor = await enter(house, { ...user, installation: second });

  const app = await world.registerApp();
  const { url } = await app.client.startLogin();
  const chooser = await open(visitor, url.slice(house.config.url.length));

  assert.deepEqual([...chooser.html.matchAll(/Last used/g)].length, 1);
  assert.match(chooser.html, /Beta Labs(?:(?!<\/button>)[\s\S])*Last used/);
  visitor.cookies.set("latchkey-place", "EU-999");
  assert.doesNotMatch((await open(visitor, url.slice(house.config.url.length))).html, /Last used/);
});
