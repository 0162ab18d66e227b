import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../support/house.ts";
import { invitationIn, openMailbox } from "../support/mailbox.ts";
import { newDeveloper, newTeam, postForm } from "../support/portal.ts";
import { requirePage, Visitor } from "../support/visitor.ts";
import { obtainToken, worldOf } from "../support/world.ts";

const accountOf = (html: string, email: string) =>
  new RegExp(`${email}.*?name="member" value="([0-9a-f]+)"`, "s").exec(html)?.[1] ?? "";

test("whoever is invited by mail joins with the role they were given, also from another region", async () => {
  const house = await openHouse();
  const [owner, guest] = [await newDeveloper(house), await newDeveloper(house, "EU")];
  const team = await newTeam(owner);
  const page = requirePage(await owner.visitor.go(`${team}/members`));

  const wrong = requirePage(await owner.visitor.submit(page, { email: "nobody", role: "viewer" }));
  assert.equal(wrong.status, 422);
  assert.match(wrong.html, /value="nobody"/);
  const sent = requirePage(await owner.visitor.submit(wrong, { email: guest.user.email, role: "viewer" }));
  assert.match(sent.html, /on its way/);

  const mail = await openMailbox(house).newest(guest.user.email);
  const link = invitationIn(mail);
  const invitation = requirePage(await guest.visitor.go(link));
  assert.match(invitation.html, /Join/);
  assert.equal(requirePage(await guest.visitor.go(team)).status, 404, "opening the link joins nothing");
  const joined = requirePage(await guest.visitor.send(invitation, link));
  assert.ok(joined.html.includes(owner.user.email) && joined.html.includes(guest.user.email));
  assert.ok(!joined.html.includes("Invite somebody"), "viewers invite nobody");
  assert.equal(requirePage(await guest.visitor.go(link)).status, 410, "the link works once");
});

test("what happens to invitations is told in the region they lie in, and who is a member in the directory by ids", async () => {
  const house = await openHouse();
  const [owner, guest] = [await newDeveloper(house, "EU"), await newDeveloper(house)];
  const members = `${await newTeam(owner)}/members`;
  const told = async (region: string | undefined, action: string) => {
    const { audit } = region === undefined ? house.deps.directory : house.deps.regions.require(region).store;
    return (await audit.page({ at: 0, auditId: "" }, 100)).filter((entry) => entry.action === action).length;
  };
  const invite = async (email: string) =>
    requirePage(await owner.visitor.submit(requirePage(await owner.visitor.go(members)), { email, role: "viewer" }));

  const sent = await invite("somebody@example.com");
  const [, invitation = ""] = /name="invitation" value="([^"]+)"/.exec(sent.html) ?? [];
  for (let turn = 0; turn < 2; turn++) await postForm(owner.visitor, sent, `${members}/uninvite`, {}, { invitation });
  await invite(guest.user.email);
  const link = invitationIn(await openMailbox(house).newest(guest.user.email));
  await guest.visitor.send(requirePage(await guest.visitor.go(link)), link);

  assert.deepEqual([await told("EU", "team.invite"), await told("EU", "team.uninvite")], [2, 1]);
  assert.deepEqual([await told(undefined, "team.invite"), await told(undefined, "team.join")], [0, 1]);
});

test("ownership is handed on by making another owner; the last one can neither leave nor become less", async () => {
  const house = await openHouse();
  const [owner, guest] = [await newDeveloper(house), await newDeveloper(house)];
  const team = await newTeam(owner);
  const members = `${team}/members`;
  const page = requirePage(await owner.visitor.go(members));
  assert.equal(requirePage(await owner.visitor.send(page, `${members}/leave`)).status, 422);

  await owner.visitor.submit(page, { email: guest.user.email, role: "developer" });
  const link = invitationIn(await openMailbox(house).newest(guest.user.email));
  await guest.visitor.send(requirePage(await guest.visitor.go(link)), link);

  const both = requirePage(await owner.visitor.go(members));
  const member = accountOf(both.html, guest.user.email);
  await postForm(owner.visitor, both, `${members}/role`, { role: "owner" }, { member });
  assert.match(requirePage(await owner.visitor.send(both, `${members}/leave`)).title, /Create your team/);
  assert.equal(requirePage(await owner.visitor.go(team)).status, 404);
  const left = requirePage(await guest.visitor.go(members));
  assert.ok(!left.html.includes(owner.user.email));
  assert.equal(requirePage(await guest.visitor.send(left, `${members}/leave`)).status, 422);
});

test("each team gets one sandbox in its region, with two test users who can log in to its apps", async () => {
  const house = await openHouse();
  const owner = await newDeveloper(house, "EU");
  const team = await newTeam(owner);

  const [page, again] = [
    requirePage(await owner.visitor.go(`${team}/sandbox`)),
    requirePage(await owner.visitor.go(`${team}/sandbox`)),
  ];

  assert.equal(page.html, again.html);
  const [, name = "", id = ""] = /Your sandbox, ((?:EU)-(\d+))/.exec(page.html) ?? [];
  assert.notEqual(name, "");
  const [email, password] = [...page.html.matchAll(/<td><code>([^<]+)<\/code><\/td>/g)].map(([, text = ""]) => text);
  const app = await worldOf(house).registerApp({ status: "development", testInstallations: [Number(id)] });
  const installation = { region: "EU", id: Number(id), url: "" };
  const token = await obtainToken(house, app, { id: 0, email: email ?? "", password: password ?? "", installation });
  assert.equal(token.installation.apiEndPoint, `${house.config.url}/sandbox/EU/${id}/`);
  const me = await house.fetch(`/sandbox/EU/${id}/me.json`, {
    headers: { authorization: `Bearer ${token.access_token}` },
  });
  assert.equal(me.status, 200);
});

test("a publisher is set once, then changed by admins, and two who change it do not overwrite each other", async () => {
  const house = await openHouse();
  const owner = await newDeveloper(house);
  const team = await newTeam(owner);
  const form = requirePage(await owner.visitor.go(`${team}/publisher`));
  const wrong = requirePage(
    await owner.visitor.submit(form, { publisherName: "", publisherUrl: "javascript:alert(1)" }),
  );
  assert.equal(wrong.status, 422);
  const saved = requirePage(await owner.visitor.submit(form, { publisherName: "<b>Evil</b> Inc" }));
  assert.match(saved.html, /Saved\./);
  assert.ok(!saved.html.includes("<b>Evil"));

  const late = requirePage(await owner.visitor.submit(form, { publisherName: "Mine" }));
  assert.equal(late.status, 409);
  assert.match(late.html, /Evil[\s\S]*value="Mine"/);
  assert.match(requirePage(await owner.visitor.submit(late, { publisherName: "Mine" })).html, /value="Mine"/);
});

test("the portal can be closed to installations; sandboxes always may open it", async () => {
  const house = await openHouse({ settings: { LATCHKEY_PORTAL_INSTALLATIONS: "US-999999" } });
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation());
  const visitor = new Visitor(house);
  const page = requirePage(await visitor.go("/portal"));
  const refused = requirePage(await visitor.submit(page, { email: user.email, password: user.password }));
  assert.equal(refused.status, 403);
});
