import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanUp } from "../../src/domain/housekeeping.ts";
import { type House, openHouse } from "../support/house.ts";
import { invitationIn, linkIn, openMailbox } from "../support/mailbox.ts";
import { type Developer, newDeveloper, newTeam, postForm } from "../support/portal.ts";
import { requirePage, Visitor } from "../support/visitor.ts";

test("an invitation that fell into other hands, is withdrawn or is late, lets nobody in", async () => {
  const house = await openHouse();
  const [owner, guest, thief] = [await newDeveloper(house), await newDeveloper(house), await newDeveloper(house)];
  const team = await newTeam(owner);
  const members = `${team}/members`;
  const invite = async () => {
    const page = requirePage(await owner.visitor.go(members));
    await owner.visitor.submit(page, { email: guest.user.email, role: "admin" });
    return invitationIn(await openMailbox(house).newest(guest.user.email));
  };
  const link = await invite();

  const seen = requirePage(await thief.visitor.go(link));
  assert.ok(!seen.html.includes(guest.user.email));
  const token =
    seen.forms[0]?.fields.form_token ??
    requirePage(await thief.visitor.go("/portal/new-team"))
      .forms.map(({ fields }) => fields.form_token)
      .find((one) => one !== undefined);
  assert.equal(requirePage(await thief.visitor.post(link, { form_token: token ?? "" })).status, 410);

  const page = requirePage(await owner.visitor.go(members));
  await owner.visitor.send(page, `${members}/uninvite`);
  assert.equal(requirePage(await guest.visitor.go(link)).status, 410);
  const second = await invite();
  house.passSeconds(7 * 24 * 3600);
  const { user, visitor } = guest;
  const door = requirePage(await visitor.go(second));
  assert.equal(requirePage(await visitor.submit(door, { email: user.email, password: user.password })).status, 410);
});

test("an admin makes no owner, takes no owner's role and removes none, whatever the form says", async () => {
  const house = await openHouse();
  const [owner, admin] = [await newDeveloper(house), await newDeveloper(house)];
  const team = await newTeam(owner);
  const members = `${team}/members`;
  await owner.visitor.submit(requirePage(await owner.visitor.go(members)), { email: admin.user.email, role: "admin" });
  const link = invitationIn(await openMailbox(house).newest(admin.user.email));
  const page = requirePage(await admin.visitor.send(requirePage(await admin.visitor.go(link)), link));
  const [, own = ""] = /name="member" value="([0-9a-f]+)"/.exec(page.html) ?? [];

  assert.equal(
    requirePage(await postForm(admin.visitor, page, `${members}/role`, { role: "owner" }, { member: own })).status,
    422,
  );
  const [theirs] = (await house.deps.directory.teams.members(team.split("/").at(-1) ?? "")).filter(
    ({ accountId }) => accountId !== own,
  );
  for (const [action, fill] of [
    ["role", { role: "viewer" }],
    ["remove", {}],
  ] as const)
    assert.equal(
      requirePage(
        await admin.visitor.post(`${members}/${action}`, {
          form_token: page.forms.map(({ fields }) => fields.form_token).find(Boolean) ?? "",
          member: theirs?.accountId ?? "",
          ...fill,
        }),
      ).status,
      422,
    );
  const { email } = owner.user;
  const invited = requirePage(await admin.visitor.submit(page, { email: `x${email}`, role: "owner" }));
  assert.equal(invited.status, 422);
});

test("an invitation is worth nothing once whoever sent it left the team, or may not invite any more", async () => {
  const house = await openHouse();
  const [owner, admin] = [await newDeveloper(house), await newDeveloper(house)];
  const members = `${await newTeam(owner)}/members`;
  const mailbox = openMailbox(house);
  const page = async ({ visitor }: typeof owner) => requirePage(await visitor.go(members));
  await owner.visitor.submit(await page(owner), { email: admin.user.email, role: "admin" });
  const join = invitationIn(await mailbox.newest(admin.user.email));
  await admin.visitor.send(requirePage(await admin.visitor.go(join)), join);
  await admin.visitor.submit(await page(admin), { email: "mallory@example.com", role: "admin" });
  const link = linkIn(await mailbox.newest("mallory@example.com"));
  const stranger = new Visitor(house);
  assert.equal(requirePage(await stranger.go(link)).status, 200);
  assert.match((await page(owner)).html, /mallory@example\.com/);

  await postForm(
    owner.visitor,
    await page(owner),
    `${members}/role`,
    { role: "viewer" },
    { member: await accountOf(house, admin) },
  );
  assert.equal(requirePage(await stranger.go(link)).status, 410, "a viewer invites nobody");
  assert.doesNotMatch((await page(owner)).html, /mallory@example\.com/);
  await postForm(owner.visitor, await page(owner), `${members}/remove`, {}, { member: await accountOf(house, admin) });
  assert.equal(requirePage(await stranger.go(link)).status, 410);
});

test("one mailbox gets so many invitations and no more, from whichever teams; and one account makes so many teams", async () => {
  const house = await openHouse({ settings: { LATCHKEY_LIMITS: "on" } });
  const owner = await newDeveloper(house);
  for (let sent = 0; sent < 10; sent++) {
    if (sent % 5 === 0) await newTeam(owner, `Team ${sent}`);
    const [team] = await house.deps.directory.teams.ofAccount(await accountOf(house, owner));
    const page = requirePage(await owner.visitor.go(`/portal/teams/${team?.teamId}/members`));
    assert.equal(
      requirePage(await owner.visitor.submit(page, { email: "bob@example.com", role: "viewer" })).status,
      200,
    );
  }
  const team = await newTeam(owner, "Another");
  const page = requirePage(await owner.visitor.go(`${team}/members`));
  const refused = requirePage(await owner.visitor.submit(page, { email: "Bob@Example.com", role: "viewer" }));
  assert.equal(refused.status, 422);
  assert.match(refused.html, /Too many invitations were sent/);
  assert.equal(requirePage(await owner.visitor.submit(page, { email: "eve@example.com", role: "viewer" })).status, 200);

  for (let made = 3; made < 20; made++) await newTeam(owner);
  const form = requirePage(await owner.visitor.go("/portal/new-team"));
  const tooMany = requirePage(await owner.visitor.submit(form, { name: "One more" }));
  assert.equal(tooMany.status, 422);
  assert.match(tooMany.html, /You made many teams today/);

  house.passSeconds(3 * 3_600);
  await cleanUp(house.deps);
  const later = requirePage(await owner.visitor.submit(form, { name: "One more" }));
  assert.match(later.html, /You made many teams today/, "a day is a day, whatever is tidied up meanwhile");
  const again = requirePage(await owner.visitor.submit(page, { email: "bob@example.com", role: "viewer" }));
  assert.match(again.html, /Too many invitations were sent/);

  house.passSeconds(24 * 3_600);
  await cleanUp(house.deps);
  assert.equal(await windowsOf(house), 0, "and then nothing is left of it");
});

const windowsOf = async (house: House): Promise<number> =>
  (await house.deps.directory.db.read("SELECT budget_key FROM budget", [])).length;

const accountOf = async (house: House, { user }: Developer): Promise<string> =>
  (await house.deps.regions.require("US").store.accounts.findByEmailKey(user.email))?.accountId ?? "";
