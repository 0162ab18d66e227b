import assert from "node:assert/strict";
import { test } from "node:test";
import { addOperator } from "../../src/domain/portal/operators.ts";
import type { House } from "../support/house.ts";
import { openMailbox } from "../support/mailbox.ts";
import { openOperator } from "../support/operator.ts";
import { open } from "../support/portal-scene.ts";
import { type Page, requirePage, type Visitor } from "../support/visitor.ts";
import { obtainToken } from "../support/world.ts";

const actionsOf = async (house: House, actor: string): Promise<string[]> =>
  (await house.admin("GET", "/audit?limit=200")).body.items
    .filter((entry: { actor: string }) => entry.actor === actor)
    .map(({ action }: { action: string }) => action)
    .sort();

const search = async (operator: Visitor, region: string, text: string): Promise<Page> =>
  requirePage(await operator.submit(await open(operator, `/operator/regions/${region}`), { text }));

async function openWithApp() {
  const scene = await openOperator();
  const { visitor, teamId, registerApp } = scene;
  const { clientId } = await registerApp();
  const path = `/portal/apps/${clientId}`;
  await visitor.submit(await open(visitor, `/portal/teams/${teamId}/publisher`), { publisherName: "Rocket Works" });
  await visitor.submit(await open(visitor, `${path}/credentials`), { redirectUri: "https://app.example.com/callback" });
  await visitor.submit(await open(visitor, `${path}/branding`), { description: "Plans the work." });
  const submit = async () => visitor.send(await open(visitor, `${path}/review`), `${path}/review/submit`);
  const app = async () => scene.house.deps.directory.apps.find(clientId);
  return { ...scene, clientId, path, submit, app, base: `/operator/apps/${clientId}` };
}

test("operators are told by mail what waits for them, wherever they live, but not all day long", async () => {
  const { house, world, submit, path, base, visitor, operatorUser } = await openWithApp();
  const away = await world.addUser(await world.addInstallation("EU"));
  await addOperator(house.deps, away.email, "test");
  const mailbox = openMailbox(house);
  for (let turn = 0; turn < 7; turn++) {
    await submit();
    await visitor.send(await open(visitor, `${path}/review`), `${path}/review/withdraw`);
  }
  for (const { email } of [operatorUser, away]) {
    const mails = (await mailbox.settled()).filter(({ to, text }) => to === email && text.includes(base));
    assert.equal(mails.length, 5, email);
    assert.match(mails[0]?.subject ?? "", /Waits for a review: Planner/);
  }
});

test("an operator sees what waits, reads all of an app, and decides", async () => {
  const { house, operator, visitor, clientId, path, base, submit, app, actor } = await openWithApp();
  assert.match((await open(operator, "/operator")).html, /No app waits for a review/);
  await submit();
  assert.match((await open(operator, "/operator")).html, /1 app in review/);
  assert.match((await open(operator, "/portal/new-team")).html, /href="\/operator"/);
  assert.doesNotMatch((await open(visitor, path)).html, /href="\/operator"/);
  assert.ok((await open(operator, "/operator/apps")).html.includes(base));

  const page = await open(operator, base);
  for (const words of ["Rocket Works", "https://app.example.com/callback", "Plans the work.", "Makers", clientId])
    assert.ok(page.html.includes(words), words);
  const empty = requirePage(await operator.submit(page, { comment: "" }));
  assert.equal(empty.status, 422);
  assert.match(empty.html, /Say what is to be changed/);
  const asked = requirePage(await operator.submit(empty, { comment: "Say more." }));
  assert.match(asked.html, /The team is asked for changes/);
  assert.match((await open(visitor, `${path}/review`)).html, /Say more\./);

  await submit();
  await operator.submit(await open(operator, base), { approval: "Well done." });
  assert.equal((await app())?.status, "live");
  const unnamed = requirePage(
    await operator.submit(await open(operator, base), { typedName: "Plan", reason: "Spam." }),
  );
  assert.equal(unnamed.status, 422);
  assert.match(unnamed.html, /value="Spam\."/);
  await operator.submit(unnamed, { typedName: "Planner", reason: "Spam." });
  assert.equal((await app())?.status, "suspended");
  await operator.send(await open(operator, base), `${base}/resume`);
  assert.equal((await app())?.status, "live");
  assert.deepEqual(await actionsOf(house, actor), ["app.resume", "app.review", "app.review", "app.suspend"]);
});

test("the account pages lead operators to theirs, and nobody else", async () => {
  const { operator, visitor, dismiss } = await openOperator();
  const link = /<a class="tab" href="\/operator">/;
  assert.match((await open(operator, "/account")).html, link);
  assert.doesNotMatch((await open(visitor, "/account")).html, link);
  await dismiss();
  assert.doesNotMatch((await open(operator, "/account")).html, link);
});

test("a decision by a page that is no longer true is told and not done", async () => {
  const { operator, base, path, visitor, submit, app } = await openWithApp();
  await submit();
  const page = await open(operator, base);
  await visitor.send(await open(visitor, `${path}/review`), `${path}/review/withdraw`);
  await visitor.submit(await open(visitor, `${path}/branding`), { name: "Something else" });
  await submit();
  const stale = requirePage(await operator.submit(page, { approval: "" }));
  assert.equal(stale.status, 409);
  assert.match(stale.html, /nothing was done/);
  assert.match(stale.html, /Something else/);
  assert.equal((await app())?.status, "submitted");
});

test("scopes that a live app asks for are granted from its page", async () => {
  const { operator, base, path, visitor, submit, app } = await openWithApp();
  await submit();
  await operator.submit(await open(operator, base), { approval: "" });
  await visitor.submit(await open(visitor, `${path}/scopes`), { "scope.desk": "yes" });
  assert.match((await open(operator, "/operator")).html, /1 wish for more scopes/);
  assert.match((await open(operator, "/operator/apps")).html, /More scopes/);
  await operator.send(await open(operator, base), `${base}/grant-scopes`);
  assert.deepEqual((await app())?.scopes, ["desk"]);
  assert.match((await open(operator, "/operator")).html, /No app waits/);
});

test("people and installations are found by e-mail, id and the beginning of a name", async () => {
  const { house, world, operator, actor } = await openOperator();
  const place = await world.addInstallation("EU", { name: "Bäckerei Blume" });
  const user = await world.addUser(place, { firstName: "Zoë", lastName: "Ångström", email: "zoe@blume.example.com" });
  const href = `/operator/regions/EU/installations/${place.id}`;
  const finds: [text: string, user: boolean, installation: boolean][] = [
    ["zoe@BLUME.example.com", true, false],
    [String(user.id), true, false],
    ["zoë", true, false],
    ["Zoë", true, false],
    ["Ångst", true, false],
    ["Bäck", false, true],
    [`EU-${place.id}`, false, true],
    ["nobody@blume.example.com", false, false],
    ["Ångstx", false, false],
  ];
  for (const [text, person, installation] of finds) {
    const { html, url } = await search(operator, "EU", text);
    assert.equal(html.includes(`"${href}/users/${user.id}"`), person, text);
    assert.equal(html.includes(`"${href}"`), installation, text);
    assert.ok(!decodeURIComponent(url).includes(text) || /^\d+$/.test(text), url);
  }
  for (const text of ["Zo", "", "9999999999", "x".repeat(300)])
    assert.equal((await search(operator, "EU", text)).status, 422, text);
  const searches = (await actionsOf(house, actor)).filter((action) => action === "operator.search");
  assert.equal(searches.length, finds.length);
  const { body } = await house.admin("GET", "/audit?limit=200");
  assert.doesNotMatch(JSON.stringify(body), /blume|ngst|Zo/i);
});

test("a person is disabled and enabled, and tokens are ended one by one or all at once", async () => {
  const { house, world, operator, actor } = await openOperator();
  const place = await world.addInstallation("EU");
  const user = await world.addUser(place, { company: { name: "Blume GmbH" } });
  const app = await world.registerApp({ name: "Reader" });
  const path = `/operator/regions/EU/installations/${place.id}/users/${user.id}`;
  const call = async (token: string) =>
    (await house.fetch("/launchpad/v1/userinfo.json", { headers: { authorization: `Bearer ${token}` } })).status;
  const [first, second] = [await obtainToken(house, app, user), await obtainToken(house, app, user)];

  const page = await open(operator, path);
  assert.match(page.html, /Reader/);
  await operator.send(page, `${path}/disable`);
  assert.equal(await call(first.access_token), 401);
  assert.equal(requirePage(await operator.send(page, `${path}/disable`)).status, 409);
  const enabled = requirePage(await operator.send(await open(operator, path), `${path}/enable`));
  assert.match(enabled.html, /Blume GmbH/);
  assert.equal(await call(first.access_token), 200);

  await operator.send(enabled, `${path}/tokens/end`);
  const alive = [await call(first.access_token), await call(second.access_token)];
  assert.deepEqual(alive.sort(), [200, 401]);
  await operator.send(await open(operator, path), `${path}/tokens/end-all`);
  assert.deepEqual([await call(first.access_token), await call(second.access_token)], [401, 401]);
  assert.deepEqual(await actionsOf(house, actor), ["token.revoke", "token.revoke", "user.change", "user.change"]);

  const changes = (await house.admin("GET", "/audit?limit=200")).body.items.filter(
    ({ action }: { action: string }) => action === "user.change",
  );
  for (const { detail } of changes) assert.deepEqual(detail, { fields: ["disabled"] });

  const installation = await open(operator, path.replace(/\/users.*/, ""));
  assert.match(installation.html, new RegExp(`href="${path}"`));
});

test("the audit log of each database is read page by page, the latest first", async () => {
  const { operator, world, house } = await openOperator();
  for (let made = 0; made < 60; made++) await house.admin("POST", "/scopes", { name: `s${made}`, description: "x" });
  const seen = new Set<string>();
  for (let href: string | undefined = "/operator/audit"; href !== undefined; ) {
    const { html }: Page = await open(operator, href);
    for (const [, name = ""] of html.matchAll(/<code>(s\d+)<\/code>/g)) seen.add(name);
    href = /<a href="([^"]+)">Older/.exec(html)?.[1]?.replaceAll("&amp;", "&");
  }
  assert.equal(seen.size, 60);
  await world.addInstallation("EU");
  assert.match((await open(operator, "/operator/audit?log=EU")).html, /installation\.create/);
  assert.match((await open(operator, "/operator/audit?log=XX&before=1")).html, /scope\.add/);
});

test("a region that is down says so, and the rest goes on", async () => {
  const { house, operator, registerApp } = await openOperator();
  await registerApp();
  await house.deps.regions.require("EU").store.db.close();
  assert.match((await open(operator, "/operator")).html, /Does not answer: Region EU/);
  const found = requirePage(await operator.submit(await open(operator, "/operator/regions/EU"), { text: "anybody" }));
  assert.equal(found.status, 503);
  assert.match(found.html, /Region EU does not answer/);
  assert.match((await open(operator, "/operator/audit?log=EU")).html, /does not answer/);
  assert.match((await open(operator, "/operator/apps?status=development")).html, /Planner/);
  assert.equal((await search(operator, "US", "Olga")).status, 200);
});

test("an app is suspended while its team's region is down", async () => {
  const { house, world, operator } = await openOperator();
  const { clientId } = await world.registerApp({ name: "Reader" });
  const team = { teamId: "ab12", region: "EU", createdAt: 1 };
  const owner = { ...team, accountId: "nobody", accountRegion: "EU", role: "owner" } as const;
  const entry = { auditId: "a1", at: 1, actor: "test", action: "team.create", target: "ab12", detail: {} };
  await house.deps.directory.teams.create(team, owner, entry);
  await house.deps.directory.teams.addApp({ clientId, teamId: "ab12", platform: "web", createdAt: 1 });
  await house.deps.regions.require("EU").store.db.close();
  const page = await open(operator, `/operator/apps/${clientId}`);
  assert.match(page.html, /region EU does not answer/);
  await operator.submit(page, { typedName: "Reader" });
  assert.equal((await house.deps.directory.apps.find(clientId))?.status, "suspended");
});
