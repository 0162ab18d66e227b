import assert from "node:assert/strict";
import { test } from "node:test";
import { enter, IPHONE, isInside, open, openAccount } from "../support/account.ts";
import type { House } from "../support/house.ts";
import { linkIn, openMailbox } from "../support/mailbox.ts";
import { isActive } from "../support/scene.ts";
import { type Page, requirePage, Visitor } from "../support/visitor.ts";
import { obtainToken, PASSWORD, signIn } from "../support/world.ts";

const NEW = "violet kettle on the moor";

/** Somebody with an app connected, and a stranger who is a user of the same installation. */
async function openBoth() {
  const opened = await openAccount();
  const { house, world, user } = opened;
  const stranger = await enter(house, await world.addUser(user.installation, { firstName: "Eve", lastName: "Ell" }));
  const app = await world.registerApp({ name: "Planner" });
  const { access_token } = await obtainToken(house, app, user);
  return { ...opened, stranger, app, token: access_token };
}

/** The hidden fields that a browser's own forms carry. */
const tokenOf = async (visitor: Visitor) =>
  (await open(visitor, "/account/sessions")).forms.find((form) => form.fields.form_token)?.fields.form_token ?? "";

test("nobody sees or ends the session of another account", async () => {
  const { house, user, visitor, stranger } = await openBoth();
  const phone = await enter(house, user, IPHONE);
  const own =
    (await open(visitor, "/account/sessions")).forms.find(({ fields }) => fields.session)?.fields.session ?? "";
  assert.notEqual(own, "");

  const listed = await open(stranger, "/account/sessions");
  assert.doesNotMatch(listed.html, /iPhone/);
  const form_token = await tokenOf(stranger);
  for (const session of [own, "", "x".repeat(500), "' OR 1=1"])
    assert.equal(requirePage(await stranger.post("/account/sessions/end", { form_token, session })).status, 200);
  await stranger.post("/account/sessions/end-others", { form_token });
  await stranger.post("/account/sessions/end-all", { form_token });

  assert.equal(await isInside(phone), true);
  assert.equal(await isInside(visitor), true);
});

test("nobody sees or ends the access that another account gave, or renames its user", async () => {
  const { house, user, stranger, app, token } = await openBoth();
  const place = `US-${user.installation.id}`;

  assert.doesNotMatch((await open(stranger, "/account/apps")).html, /Planner/);
  assert.doesNotMatch((await open(stranger, "/account/apps.csv")).html, /Planner/);
  assert.equal((await open(stranger, `/account/apps/${place}/${app.clientId}`)).status, 404);
  const form_token = await tokenOf(stranger);
  await stranger.post(`/account/apps/${place}/${app.clientId}`, { form_token });
  const named = { form_token, firstName: "Mallory", lastName: "M", version: "1" };
  await stranger.post(`/account/users/${place}`, named);

  assert.equal(await isActive(house, token), true);
  const users = `/regions/US/installations/${user.installation.id}/users`;
  assert.equal((await house.admin("GET", `${users}/${user.id}`)).body.firstName, "Dana");
});

test("a form of another site, of another browser or without its token changes nothing", async () => {
  const { house, user, visitor, app, token, stranger } = await openBoth();
  const place = `US-${user.installation.id}`;
  const form_token = await tokenOf(visitor);
  const theirs = await tokenOf(stranger);
  const fields: Record<string, Record<string, string>> = {
    "/account/password": { current: PASSWORD, password: NEW },
    [`/account/users/${place}`]: { firstName: "Mallory", lastName: "M", version: "1" },
    [`/account/apps/${place}/${app.clientId}`]: {},
    "/account/sessions/end-others": {},
    "/account/sessions/end-all": {},
  };
  for (const [path, sent] of Object.entries(fields)) {
    const status = async (more: Record<string, string>, headers = {}) =>
      requirePage(await visitor.post(path, { ...sent, ...more }, headers)).status;
    assert.equal(await status({ form_token }, { origin: "https://evil.example" }), 403, path);
    assert.equal(await status({ form_token }, { "sec-fetch-site": "cross-site" }), 403, path);
    assert.equal(await status({}), 403, path);
    assert.equal(await status({ form_token: theirs }), 403, path);
  }
  assert.equal(await isInside(visitor), true);
  assert.equal(await isActive(house, token), true);
  assert.match((await open(visitor, "/account")).html, /Dana Lee/);
});

test("guessing the current password counts in the account's budget of logins, and the right one comes too late", async () => {
  const { house, user, visitor } = await openAccount();
  const form = await open(visitor, "/account/password");
  const guess = async (current: string) => requirePage(await visitor.submit(form, { current, password: NEW }));

  for (let tries = 1; tries <= 20; tries++) assert.equal((await guess(`wrong ${tries}`)).status, 422, `${tries}`);

  const late = await guess(PASSWORD);
  assert.equal(late.status, 429);
  assert.ok(Number(late.headers.get("retry-after")) > 0);
  const elsewhere = requirePage(await signIn(new Visitor(house, { from: "198.51.100.9" }), "/account", user));
  assert.equal(elsewhere.status, 429);
  house.passSeconds(3_601);
  assert.match((await guess(PASSWORD)).html, /Your password is changed/);
});

test("of many passwords tried at once no more count than the budget allows", async () => {
  const { visitor } = await openAccount();
  const form = await open(visitor, "/account/password");
  const guesses = Array.from({ length: 24 }, (_, n) => visitor.submit(form, { current: `wrong ${n}`, password: NEW }));
  const statuses = (await Promise.all(guesses)).map((page) => requirePage(page).status);
  assert.ok(statuses.filter((status) => status === 422).length <= 20, statuses.join());
  assert.equal(requirePage(await visitor.submit(form, { current: PASSWORD, password: NEW })).status, 429);
});

test("hostile user agents, names and apps are text on the account pages, or nothing", async () => {
  const evil = `"><script>alert(1)</script>\u202e`;
  const { house, world, user } = await openAccount({ firstName: evil, lastName: "' onload='x" });
  await obtainToken(house, await world.registerApp({ name: evil, icon: "https://evil.example/x.png" }), user);
  const visitor = await enter(house, user, `Mozilla/5.0 "><script>alert(2)</script> Firefox/1`);

  for (const path of ["/account", `/account/users/US-${user.installation.id}`, "/account/sessions", "/account/apps"]) {
    const { html } = await open(visitor, path);
    assert.doesNotMatch(html, /<script>alert|onload='x|src="https:\/\/evil/, path);
    assert.doesNotMatch(html.replace(/<form[\s\S]*?<\/form>/g, ""), /\u202e/, path);
  }
  assert.match((await open(visitor, "/account/sessions")).html, /<strong>Firefox<\/strong>/);
});

test("what an address says is done is one of our own sentences, or nothing", async () => {
  const { visitor } = await openAccount();
  for (const done of ["You%20won", "__proto__", "constructor", "<b>x</b>", "toString"])
    assert.doesNotMatch((await open(visitor, `/account?done=${done}`)).html, /role="status"/, done);
  assert.match((await open(visitor, "/account?done=name")).html, /Your name is saved/);
});

test("places and apps that cannot be are not found, and cost no error", async () => {
  const { visitor } = await openAccount();
  const places = ["US-0", "US-99999999999", "XX-1", "us-1", "US-1'", "%2e%2e", `US-${"9".repeat(400)}`];
  for (const place of places)
    for (const path of [`/account/users/${place}`, `/account/apps/${place}/${"a".repeat(40)}`])
      assert.equal((await open(visitor, path)).status, 404, path);
});

test("the account pages are nobody's without a sign-in", async () => {
  const { house } = await openAccount();
  const nobody = new Visitor(house);
  for (const path of ["/account", "/account/password", "/account/sessions", "/account/apps", "/account/apps.csv"])
    assert.match((await open(nobody, path)).title, /^Sign in/, path);
});

test("who resets a forgotten password is rid of whoever was in, on every page behind the login", async () => {
  const { house, user, visitor: thief, token } = await openBoth();
  assert.equal(await isInside(thief), true);

  assert.match((await resetPassword(house, user.email)).html, /Your password is saved/);

  assert.equal(await isInside(thief), false);
  for (const path of ["/account", "/portal", "/operator"])
    assert.match((await open(thief, path)).title, /Sign in/, path);
  assert.equal(await isActive(house, token), true, "the apps that the person let in stay");
});

test("where a region does not answer, the reset says that it could not sign out everywhere", async () => {
  const { house, world, user } = await openBoth();
  await world.addUser(await world.addInstallation("EU"), { email: user.email, password: undefined });
  await house.deps.regions.require("EU").store.db.close();

  assert.match((await resetPassword(house, user.email)).html, /A region does not answer/);
});

async function resetPassword(house: House, email: string): Promise<Page> {
  const owner = new Visitor(house);
  await owner.submit(await open(owner, "/login/forgot-password"), { email });
  const link = await open(owner, linkIn(await openMailbox(house).newest(email)));
  const choose = requirePage(await owner.send(link, new URL(link.url).pathname));
  return requirePage(await owner.submit(choose, { password: NEW }));
}
