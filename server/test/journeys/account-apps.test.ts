import assert from "node:assert/strict";
import { test } from "node:test";
import { open, openAccount } from "../support/account.ts";
import { openMailbox } from "../support/mailbox.ts";
import { isActive, postForm } from "../support/scene.ts";
import { requirePage } from "../support/visitor.ts";
import { logIn, obtainToken } from "../support/world.ts";

const PATH = "/account/apps";

test("an app that was allowed is listed with its scopes in words, its installation and its region", async () => {
  const { house, world, user, visitor } = await openAccount();
  assert.match((await open(visitor, PATH)).html, /No app may act for you/);
  await obtainToken(house, await world.registerApp({ name: "Planner" }), user);

  const { html } = await open(visitor, PATH);

  for (const said of ["Planner", "Acme US", "Read and change projects and their tasks"])
    assert.ok(html.includes(said), said);
  assert.doesNotMatch(html, /Developer Portal/);
});

test("when an app first and last used what it holds is told, and writes at most once an hour", async () => {
  const { house, world, user, visitor } = await openAccount();
  const { access_token: token } = await obtainToken(house, await world.registerApp(), user);
  const day = () => new Date(house.deps.now() * 1000).toISOString().slice(0, 10);
  const use = async () => {
    assert.equal(await isActive(house, token), true);
    await house.deps.tokenUses.flush();
    const { html } = await open(visitor, PATH);
    return /(not used yet|first used.*?)<\/p>/.exec(html)?.[1]?.replace(/<[^>]*>/g, "");
  };
  const lastUse = async () => {
    const { db } = house.deps.regions.require("US").store;
    return (await db.read<{ at: number }>(`SELECT MAX(last_used_at) AS "at" FROM token`, []))[0]?.at;
  };

  assert.match((await open(visitor, PATH)).html, /not used yet/);
  const first = day();
  assert.equal(await use(), `first used ${first} · last used ${first}`);
  const kept = await lastUse();
  house.passSeconds(3_000);
  await use();
  assert.equal(await lastUse(), kept, "no hour has passed");
  house.passSeconds(3_600);
  assert.equal(await use(), `first used ${first} · last used ${day()}`);
  assert.equal(await lastUse(), house.deps.now());
});

test("a trusted app is listed once it holds something", async () => {
  const { house, world, user, visitor } = await openAccount();
  await obtainToken(house, await world.registerApp({ name: "House app", trusted: true }), user);
  assert.match((await open(visitor, PATH)).html, /House app/);
});

test("ending an app's access ends its tokens, its codes and the consent, in that installation alone", async () => {
  const { house, world, user, visitor } = await openAccount();
  const second = await world.addInstallation("EU", { name: "Beta Labs" });
  await world.addUser(second, { email: user.email });
  const app = await world.registerApp({ name: "Planner", tokens: "expiring" });
  const here = await obtainToken(house, app, user);
  const there = await obtainToken(house, app, { ...user, installation: second });
  const unspent = await logIn(house, app, user);
  const path = `${PATH}/US-${user.installation.id}/${app.clientId}`;

  const asked = await open(visitor, path);
  assert.match(asked.html, /the app must ask again/);
  assert.equal(await isActive(house, here.access_token), true);
  const ended = requirePage(await visitor.send(asked, path));

  assert.match(ended.html, /access is ended/);
  assert.doesNotMatch(ended.html, /Acme US/);
  assert.equal(await isActive(house, here.access_token), false);
  assert.equal(await isActive(house, there.access_token), true);
  await assert.rejects(app.client.exchangeCode(unspent), { code: "invalid_grant" });
  const refresh = { grant_type: "refresh_token", refresh_token: here.refresh_token };
  const refreshed = await postForm(house, "/oauth2/token", {
    client_id: app.clientId,
    client_secret: app.clientSecret,
    ...refresh,
  });
  assert.equal(refreshed.body.error, "invalid_grant");
  const again = await app.client.startLogin({ installation: `US-${user.installation.id}` });
  assert.match(requirePage(await visitor.go(again.url.slice(house.config.url.length))).title, /^Allow Planner/);
});

test("an end that is asked for twice says the same", async () => {
  const { house, world, user, visitor } = await openAccount();
  const app = await world.registerApp();
  await obtainToken(house, app, user);
  const path = `${PATH}/US-${user.installation.id}/${app.clientId}`;
  const asked = await open(visitor, path);
  for (const _ of [1, 2]) assert.match(requirePage(await visitor.send(asked, path)).html, /access is ended/);
});

test("a refresh at the same moment as the end leaves the app nothing", async () => {
  const { house, world, user, visitor } = await openAccount();
  const app = await world.registerApp({ tokens: "expiring" });
  const { refresh_token } = await obtainToken(house, app, user);
  const path = `${PATH}/US-${user.installation.id}/${app.clientId}`;
  const asked = await open(visitor, path);
  const refresh = () =>
    postForm(house, "/oauth2/token", {
      grant_type: "refresh_token",
      refresh_token,
      client_id: app.clientId,
      client_secret: app.clientSecret,
    });

  const [, ...answers] = await Promise.all([visitor.send(asked, path), refresh(), refresh(), refresh()]);

  for (const { body } of answers) if (body.access_token) assert.equal(await isActive(house, body.access_token), false);
  assert.equal((await refresh()).body.error, "invalid_grant");
});

test("the list can be had as CSV", async () => {
  const { house, world, user, visitor } = await openAccount();
  const app = await world.registerApp({ name: '=HYPERLINK("x")' });
  await obtainToken(house, app, user);

  const page = await open(visitor, `${PATH}.csv`);

  assert.match(page.headers.get("content-type") ?? "", /^text\/csv/);
  assert.match(page.headers.get("content-disposition") ?? "", /^attachment/);
  const [, line] = page.html.split("\r\n");
  assert.ok(line?.startsWith(`"'=HYPERLINK(""x"")","","${app.clientId}","Acme US (US-${user.installation.id})","US",`));
});

test("the first consent to an app in an installation is told by mail, and no later one", async () => {
  const { house, world, user } = await openAccount();
  const app = await world.registerApp({ name: "Planner" });
  await obtainToken(house, app, user);

  const mail = await openMailbox(house).newest(user.email);
  assert.equal(mail.subject, "Planner can now act for you in Acme US");
  assert.ok(mail.text.includes(`${house.config.url}/account/apps`));
  assert.match(mail.text, /• Read and change projects/);

  await obtainToken(house, app, user);
  assert.equal((await openMailbox(house).settled()).length, 1);
});

test("no mail tells of a trusted app or of a refusal", async () => {
  const { house, world, user, visitor } = await openAccount();
  await obtainToken(house, await world.registerApp({ trusted: true }), user);
  const { url } = await (await world.registerApp()).client.startLogin();
  await visitor.submit(requirePage(await visitor.go(url.slice(house.config.url.length))), {}, "deny");
  assert.deepEqual(await openMailbox(house).settled(), []);
});
