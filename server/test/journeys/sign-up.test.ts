import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../support/house.ts";
import { linkIn, openMailbox } from "../support/mailbox.ts";
import { newDeveloper, newTeam } from "../support/portal.ts";
import { askForCode, codeFor, DRAFT, newEmail, OPEN, PASSWORD, proveEmail, signUp } from "../support/sign-up.ts";
import { requirePage, Visitor } from "../support/visitor.ts";
import { signIn, worldOf } from "../support/world.ts";

test("an outsider proves an e-mail, chooses a region, and stands in the portal with a team and its sandbox", async () => {
  const house = await openHouse(OPEN);
  const visitor = new Visitor(house);
  const email = newEmail();

  const front = requirePage(await visitor.go("/portal"));
  assert.match(front.html, /href="\/portal\/sign-up">Create a developer account/);
  const form = requirePage(await visitor.go("/portal/sign-up"));
  assert.match(form.html, /Your account is stored in the European Union/);
  const asks = requirePage(await visitor.submit(form, { email: ` ${email} `, region: "EU" }));
  assert.match(asks.title, /Check your mail/);
  assert.match(asks.html, /inputmode="numeric" autocomplete="one-time-code"/);
  const code = await codeFor(house, email);
  const almost = requirePage(await visitor.submit(asks, { code: ` ${code.slice(0, 4)} ${code.slice(4)}` }));
  assert.match(almost.html, /kept in the European Union/);
  assert.match(almost.html, /autocomplete="new-password"[\s\S]*passwordrules=/);
  const page = requirePage(await visitor.submit(almost, DRAFT));

  assert.match(page.url, /\/portal\/teams\/[0-9a-f]{24}\?done=welcome$/);
  assert.match(page.html, /Comets/);
  assert.match(page.html, /register your first app/);
  const team = new URL(page.url).pathname;
  assert.match(requirePage(await visitor.go(`${team}/sandbox`)).html, /Your sandbox, EU-/);
  assert.ok(requirePage(await visitor.go("/account")).html.includes(email));

  const [us, eu] = ["US", "EU"].map((name) => house.deps.regions.require(name).store);
  assert.equal(await us?.accounts.findByEmailKey(email), undefined);
  assert.ok(await eu?.accounts.findByEmailKey(email));
});

test("who signed up comes back with e-mail and password", async () => {
  const house = await openHouse(OPEN);
  const { email, team } = await signUp(house);
  const page = requirePage(await signIn(new Visitor(house), "/portal", { email, password: PASSWORD }));
  assert.equal(new URL(page.url).pathname, team);
});

test("what is typed wrong comes back with a sentence at its field, and the rest kept", async () => {
  const house = await openHouse(OPEN);
  const visitor = new Visitor(house);
  const front = requirePage(await visitor.go("/portal/sign-up"));
  const wrong = requirePage(await visitor.submit(front, { email: "nobody", region: "EU" }));
  assert.equal(wrong.status, 422);
  assert.match(wrong.html, /value="nobody"[\s\S]*value="EU" checked/);
  const nowhere = requirePage(await visitor.post("/portal/sign-up", { ...front.forms[0]?.fields, email: newEmail() }));
  assert.match(nowhere.html, /Choose where your data is to be kept/);

  const email = newEmail();
  const asks = await askForCode(visitor, email);
  const unreadable = requirePage(await visitor.submit(asks, { code: "1234" }));
  assert.match(unreadable.html, /eight digits/);
  const almost = requirePage(await visitor.submit(unreadable, { code: await codeFor(house, email) }));
  const refused = requirePage(await visitor.submit(almost, { ...DRAFT, firstName: " ", password: "password1234" }));
  assert.equal(refused.status, 422);
  assert.match(refused.html, /Enter your name/);
  assert.match(refused.html, /Too many people use this password/);
  assert.match(refused.html, /value="Comets"/);
  assert.ok(!refused.html.includes("password1234"));
  assert.equal(requirePage(await visitor.submit(refused, DRAFT)).status, 200);
});

test("another code can be sent, which ends the one before", async () => {
  const house = await openHouse(OPEN);
  const visitor = new Visitor(house);
  const email = newEmail();
  const asks = await askForCode(visitor, email);
  const first = await codeFor(house, email);
  const again = requirePage(await visitor.send(asks, "/portal/sign-up/resend"));
  assert.match(again.html, /Another code is on its way/);
  const second = await codeFor(house, email);
  assert.match(requirePage(await visitor.submit(asks, { code: first })).html, /No code works here any more/);
  assert.match(requirePage(await visitor.submit(again, { code: second })).title, /Almost done/);
});

test("a code works for a quarter of an hour, and what follows it for an hour", async () => {
  const house = await openHouse(OPEN);
  const visitor = new Visitor(house);
  const late = newEmail();
  const asks = await askForCode(visitor, late);
  const code = await codeFor(house, late);
  house.passSeconds(15 * 60);
  assert.equal(requirePage(await visitor.submit(asks, { code })).status, 422);

  const slow = newEmail();
  const almost = await proveEmail(house, visitor, slow);
  house.passSeconds(60 * 60);
  const ended = requirePage(await visitor.submit(almost, DRAFT));
  assert.equal(ended.status, 410);
  assert.match(ended.html, /href="\/portal\/sign-up">Begin again/);
  for (const { store } of house.deps.regions.all) assert.equal(await store.accounts.findByEmailKey(slow), undefined);
});

test("a form that is sent twice makes one account and one team, and both answers lead in", async () => {
  const house = await openHouse(OPEN);
  const visitor = new Visitor(house);
  const email = newEmail();
  const almost = await proveEmail(house, visitor, email);
  const pages = await Promise.all([visitor.submit(almost, DRAFT), visitor.submit(almost, DRAFT)]);
  const third = requirePage(await visitor.submit(almost, { ...DRAFT, teamName: "Others" }));
  const paths = new Set([...pages.map(requirePage), third].map(({ url }) => new URL(url).pathname));
  assert.equal(paths.size, 1, [...paths].join());
  assert.match([...paths].join(), /^\/portal\/teams\/[0-9a-f]{24}$/);
  const account = await house.deps.regions.require("US").store.accounts.findByEmailKey(email);
  const teams = await house.deps.directory.teams.ofAccount(account?.accountId ?? "");
  assert.equal(teams.length, 1);
  assert.ok(third.html.includes("Comets"));
});

test("a form that overtakes itself makes no second team", async () => {
  const house = await openHouse(OPEN);
  const visitor = new Visitor(house);
  const email = newEmail();
  const almost = await proveEmail(house, visitor, email);
  const { teams } = house.deps.directory;
  const { find, members } = teams;
  const overtaking: Promise<unknown>[] = [];
  const overtakenAfter = async <T>(found: T): Promise<T> => {
    if (overtaking.length > 0) return found;
    overtaking.push(visitor.submit(almost, DRAFT));
    await overtaking[0];
    return found;
  };
  teams.find = async (teamId) => overtakenAfter(await find(teamId));
  teams.members = async (teamId) => overtakenAfter(await members(teamId));
  requirePage(await visitor.submit(almost, DRAFT));
  assert.equal(overtaking.length, 1);
  const account = await house.deps.regions.require("US").store.accounts.findByEmailKey(email);
  assert.equal((await teams.ofAccount(account?.accountId ?? "")).length, 1);
});

test("who is invited and has no account makes one, where they want it, also while sign-up is closed", async () => {
  const house = await openHouse();
  const owner = await newDeveloper(house);
  const team = await newTeam(owner);
  const email = newEmail();
  const invited = requirePage(await owner.visitor.go(`${team}/members`));
  await owner.visitor.submit(invited, { email, role: "developer" });
  const link = linkIn(await openMailbox(house).newest(email));

  const visitor = new Visitor(house);
  const door = requirePage(await visitor.go(link));
  assert.match(door.html, /Join <bdi>Rockets<\/bdi>/);
  const form = requirePage(await visitor.submit(door));
  assert.match(form.html, new RegExp(`${email}[\\s\\S]*value="US" checked`));
  const { teamName: _, ...draft } = DRAFT;
  const wrong = requirePage(await visitor.submit(form, { ...draft, password: "short", home: "EU" }));
  assert.match(wrong.html, /Use at least 12 characters[\s\S]*value="EU" checked/);
  const joined = requirePage(await visitor.submit(wrong, { ...draft, home: "EU" }));

  assert.match(joined.html, /Welcome to the team/);
  assert.ok(joined.html.includes(email));
  const { store } = house.deps.regions.require("EU");
  assert.ok(await store.accounts.findByEmailKey(email), "the account lives where its owner wants it");
  assert.equal(requirePage(await visitor.go(team)).status, 200);
  assert.equal(requirePage(await new Visitor(house).go(link)).status, 410, "the link works once");
  const again = requirePage(await signIn(new Visitor(house), "/portal", { email, password: PASSWORD }));
  assert.equal(new URL(again.url).pathname, team);
});

test("who is invited and has an account signs in, and joins with it", async () => {
  const house = await openHouse();
  const owner = await newDeveloper(house);
  const team = await newTeam(owner);
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation("EU"), { email: newEmail() });
  await owner.visitor.submit(requirePage(await owner.visitor.go(`${team}/members`)), {
    email: user.email,
    role: "viewer",
  });
  const link = linkIn(await openMailbox(house).newest(user.email));

  const visitor = new Visitor(house);
  const signInPage = requirePage(await visitor.submit(requirePage(await visitor.go(link))));
  const invitation = requirePage(await visitor.submit(signInPage, { email: user.email, password: user.password }));
  const joined = requirePage(await visitor.send(invitation, new URL(invitation.url).pathname));
  assert.match(joined.html, /Welcome to the team/);
});

test("who is taken out of a team loses its sandbox at once, and can be invited again", async () => {
  const house = await openHouse();
  const owner = await newDeveloper(house);
  const team = await newTeam(owner);
  const email = newEmail();
  const invite = async () => {
    const page = requirePage(await owner.visitor.go(`${team}/members`));
    await owner.visitor.submit(page, { email, role: "developer" });
    return linkIn(await openMailbox(house).newest(email));
  };
  const visitor = new Visitor(house);
  const form = requirePage(await visitor.submit(requirePage(await visitor.go(await invite()))));
  const { teamName: _, ...draft } = DRAFT;
  await visitor.submit(form, { ...draft, home: "US" });
  assert.equal(requirePage(await visitor.go(team)).status, 200);

  const members = requirePage(await owner.visitor.go(`${team}/members`));
  await owner.visitor.send(members, `${team}/members/remove`);
  assert.match(requirePage(await visitor.go(team)).title, /Sign in|Choose/, "their session in the portal is over");

  const second = new Visitor(house);
  const door = requirePage(await second.submit(requirePage(await second.go(await invite()))));
  const invitation = requirePage(await second.submit(door, { email, password: PASSWORD }));
  assert.match(invitation.title, /Join Rockets/);
});
