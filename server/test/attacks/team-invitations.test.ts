import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../support/house.ts";
import { linkIn, openMailbox } from "../support/mailbox.ts";
import { newDeveloper, newTeam, postForm } from "../support/portal.ts";
import { requirePage } from "../support/visitor.ts";

test("an invitation that fell into other hands, is withdrawn or is late, lets nobody in", async () => {
  const house = await openHouse();
  const [owner, guest, thief] = [await newDeveloper(house), await newDeveloper(house), await newDeveloper(house)];
  const team = await newTeam(owner);
  const members = `${team}/members`;
  const invite = async () => {
    const page = requirePage(await owner.visitor.go(members));
    await owner.visitor.submit(page, { email: guest.user.email, role: "admin" });
    return linkIn(await openMailbox(house).newest(guest.user.email));
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
  const link = linkIn(await openMailbox(house).newest(admin.user.email));
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
