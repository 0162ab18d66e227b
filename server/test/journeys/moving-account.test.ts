import assert from "node:assert/strict";
import { test } from "node:test";
import { linkIn, openMailbox } from "../support/mailbox.ts";
import { move } from "../support/moves.ts";
import { rowsOf } from "../support/rows.ts";
import { isActive, loginPath, openScene } from "../support/scene.ts";
import { requireLeft, requirePage, Visitor } from "../support/visitor.ts";
import { obtainToken, signIn } from "../support/world.ts";

test("a moved account signs in as before, from its new home; its sessions end, its users and tokens stay", async () => {
  const { house, app, user, visitor } = await openScene();
  const { access_token } = await obtainToken(house, app, user);
  const { deps } = house;
  const over = await move(house, "/accounts/move", { email: user.email.toUpperCase(), to: "EU" });
  assert.equal(over.kind, "account");

  assert.ok(await isActive(house, access_token));
  assert.ok(requirePage(await visitor.go(loginPath(app))).forms.some(({ open }) => open.includes("password")));
  requireLeft(await signIn(new Visitor(house), loginPath(app), user));
  const us = await rowsOf(deps.regions.require("US").store.db);
  for (const table of ["account", "session", "link", "mail", "budget", "moving_account"])
    assert.equal(us[table], "[]", table);
  assert.equal((await deps.regions.require("US").store.users.find(user.installation.id, user.id))?.accountRegion, "EU");
});

test("a link that was mailed before the move opens after it", async () => {
  const { house, world } = await openScene();
  const invited = { email: "noor@example.com", firstName: "Noor", lastName: "Haddad" };
  const installation = await world.addInstallation("US");
  const users = `/regions/US/installations/${installation.id}/users`;
  assert.equal((await house.admin("POST", users, invited)).status, 201);
  const link = linkIn(await openMailbox(house).newest(invited.email));
  assert.match(link, /US\./);
  await move(house, "/accounts/move", { email: invited.email, to: "EU" });
  assert.equal(requirePage(await new Visitor(house).go(link)).status, 200);
  assert.equal(requirePage(await new Visitor(house).go(link.replace(/.{43}$/, "x".repeat(43)))).status, 410);
});

test("while an account moves nobody signs in to it, and a wrong password is refused as ever", async () => {
  const { house, app, user } = await openScene();
  const { store } = house.deps.regions.require("US");
  const { accountId = "" } = (await store.accounts.findByEmailKey(user.email)) ?? {};
  await store.moving.mark("account", accountId, "a move", "leaving");
  assert.equal(requirePage(await signIn(new Visitor(house), loginPath(app), user)).status, 503);
  const wrong = { ...user, password: "a wrong password" };
  assert.equal(requirePage(await signIn(new Visitor(house), loginPath(app), wrong)).status, 422);
  await store.moving.unmark("account", accountId, "a move");
  requireLeft(await signIn(new Visitor(house), loginPath(app), user));
});

test("an e-mail without an account, and an account that is nobody's, cannot move", async () => {
  const { house, user } = await openScene();
  assert.equal((await house.admin("POST", "/accounts/move", { email: "nobody@example.com", to: "EU" })).status, 404);
  assert.equal((await house.admin("POST", "/accounts/0123/move", { to: "EU" })).status, 404);
  assert.equal((await house.admin("POST", "/accounts/move", { email: user.email, to: "US" })).status, 422);
});
