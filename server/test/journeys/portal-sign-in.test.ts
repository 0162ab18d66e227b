import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../support/house.ts";
import { requirePage, Visitor } from "../support/visitor.ts";
import { signIn, worldOf } from "../support/world.ts";

test("the portal signs people in by its own flow, and back to the page they wanted", async () => {
  const house = await openHouse();
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation("EU"));
  const visitor = new Visitor(house);

  const page = requirePage(await signIn(visitor, "/portal/new-team", user));

  assert.match(page.title, /Create your team/);
  assert.ok(page.html.includes(user.email));
});

test("a team is made by whoever signs in, and is theirs alone", async () => {
  const house = await openHouse();
  const world = worldOf(house);
  const installation = await world.addInstallation();
  const [maker, other] = [await world.addUser(installation), await world.addUser(installation)];
  const visitor = new Visitor(house);
  const form = requirePage(await signIn(visitor, "/portal", maker));

  const empty = requirePage(await visitor.submit(form, { name: " " }));
  assert.equal(empty.status, 422);
  const made = requirePage(await visitor.submit(empty, { name: "<b>Evil</b>" }));
  assert.match(made.url, /\/portal\/teams\/[0-9a-f]{24}$/);
  assert.ok(!made.html.includes("<b>Evil"));

  const stranger = new Visitor(house);
  await signIn(stranger, "/portal", other);
  assert.equal(requirePage(await stranger.go(new URL(made.url).pathname)).status, 404);
});

test("deleting the user ends their portal session at once", async () => {
  const house = await openHouse();
  const world = worldOf(house);
  const installation = await world.addInstallation();
  const user = await world.addUser(installation);
  const visitor = new Visitor(house);
  await signIn(visitor, "/portal", user);

  await house.admin("DELETE", `/regions/US/installations/${installation.id}/users/${user.id}`);

  assert.doesNotMatch(requirePage(await visitor.go("/portal/new-team")).title, /Create your team/);
});

test("a form of the portal from another site, or without its token, does nothing", async () => {
  const house = await openHouse();
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation());
  const visitor = new Visitor(house);
  const form = requirePage(await signIn(visitor, "/portal", user)).forms.find((one) => one.open.includes("name"));
  const fields = { ...form?.fields, name: "Mine" };

  for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }, { "sec-fetch-site": "cross-site" }])
    assert.equal(requirePage(await visitor.post("/portal/new-team", fields, headers)).status, 403);
  assert.equal(requirePage(await visitor.post("/portal/new-team", { name: "Mine" })).status, 403);
  assert.match(requirePage(await visitor.go("/portal")).title, /Create your team/);
});
