import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../support/house.ts";
import { linkIn, openMailbox } from "../support/mailbox.ts";
import { newDeveloper, newTeam } from "../support/portal.ts";
import { requirePage } from "../support/visitor.ts";

/** A team kept in the EU, seen by a member whose own data is in the US, while the EU is lost. */
async function openLostTeam() {
  const house = await openHouse();
  const owner = await newDeveloper(house, "EU");
  const team = await newTeam(owner);
  const { visitor, user } = await newDeveloper(house, "US");
  const members = requirePage(await owner.visitor.go(`${team}/members`));
  await owner.visitor.submit(members, { email: user.email, role: "developer" });
  const link = linkIn(await openMailbox(house).newest(user.email));
  const invitation = requirePage(await visitor.go(link));
  requirePage(await visitor.send(invitation, new URL(invitation.url).pathname));
  await house.deps.regions.require("EU").store.db.close();
  const open = async (path: string) => requirePage(await visitor.go(path));
  return { visitor, team, open, owner };
}

test("a team's pages name the region that cannot be shown, and show the rest", async () => {
  const { team, open, owner } = await openLostTeam();
  for (const path of ["", "/members", "/publisher", "/new-app"]) {
    const page = await open(team + path);
    assert.equal(page.status, 200, path);
    assert.match(page.html, /Region EU, which keeps this team, does not answer right now/, path);
    assert.doesNotMatch(page.html, /Rockets/, path);
  }
  const members = await open(`${team}/members`);
  assert.match(members.html, /Region EU does not answer/, "instead of the owner's e-mail");
  assert.ok(!members.html.includes(owner.user.email));
  assert.match(members.html, /Invitations cannot be shown right now/);
  const sandbox = await open(`${team}/sandbox`);
  assert.equal(sandbox.status, 503);
  assert.match(sandbox.html, /The sandbox cannot be shown right now: region EU does not answer/);
});

test("whose own region is lost learns which one it is, and that it is not about signing in", async () => {
  const { team, owner } = await openLostTeam();
  const page = requirePage(await owner.visitor.go(team));
  assert.equal(page.status, 503);
  assert.equal(page.title, "Error: This page cannot be shown right now – Latchkey");
  assert.match(page.html, /Region EU does not answer/);
  assert.ok(Number(page.headers.get("retry-after")) > 0);
});

test("among several teams the one of a lost region is named by it", async () => {
  const { visitor, open } = await openLostTeam();
  await newTeam({ visitor } as Parameters<typeof newTeam>[0], "Anchors");
  const list = await open("/portal");
  assert.match(list.html, /A team in EU, which does not answer/);
  assert.match(list.html, /Anchors/);
});
