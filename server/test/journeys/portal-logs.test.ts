import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../support/house.ts";
import { requirePage, Visitor } from "../support/visitor.ts";
import { logIn, signIn, type TestApp, type TestUser, worldOf } from "../support/world.ts";

async function openScene() {
  const house = await openHouse();
  const world = worldOf(house);
  const installation = await world.addInstallation("US");
  const developer = await world.addUser(installation);
  const user = await world.addUser(await world.addInstallation("EU"));
  const app = await world.registerApp({ name: "<b>Evil</b>" });
  const visitor = new Visitor(house);
  const form = requirePage(await signIn(visitor, "/portal", developer));
  const team = requirePage(await visitor.submit(form, { name: "Makers" }));
  const teamId = team.url.split("/").at(-1) ?? "";
  await house.deps.directory.teams.addApp({
    clientId: app.clientId,
    teamId,
    platform: "web",
    createdAt: house.deps.now(),
  });
  const open = async (path: string) => {
    await house.deps.timeline.flush();
    return requirePage(await visitor.go(`/portal/apps/${app.clientId}${path}`));
  };
  return { house, world, app, user, visitor, open };
}

async function failOnce(house: Awaited<ReturnType<typeof openHouse>>, app: TestApp, user: TestUser) {
  const code = await logIn(house, app, user);
  await app.client.exchangeCode(code);
  await assert.rejects(app.client.exchangeCode(code));
}

test("the log says what went wrong, why, and how to mend it", async () => {
  const { house, app, user, open } = await openScene();
  await failOnce(house, app, user);

  const page = await open("/logs");

  assert.match(page.html, /The code was not accepted/);
  assert.match(page.html, /The code was already used/);
  assert.ok(!page.html.includes("<b>Evil"));
  assert.ok(!page.html.includes(user.email));
});

test("same errors are told once, with how often and what the last one was", async () => {
  const { house, app, open } = await openScene();
  const visitor = new Visitor(house);
  for (const wrong of ["https://z.example.com/first", "https://m.example.com/then", "https://a.example.com/last"]) {
    await visitor.go(`/launchpad/login?${new URLSearchParams({ client_id: app.clientId, redirect_uri: wrong })}`);
    house.passSeconds(60);
  }

  const page = await open("/logs");

  assert.match(page.html, /3 times, last /);
  assert.match(page.html, /Last one: <code>https:\/\/a\.example\.com\/last</);
  assert.ok(!page.html.includes("Last one: <code>https://z"));
});

test("a row leads to the whole login, from its start to its exchange", async () => {
  const { house, app, user, open } = await openScene();
  await failOnce(house, app, user);
  const list = await open("/logs");
  const [, login = ""] = /\/logs\/([0-9a-f]{24})"/.exec(list.html) ?? [];

  const page = await open(`/logs/${login}`);

  for (const words of ["Start", "Sign-in", "Consent", "Back to the app", "Exchange", "invalid_grant"])
    assert.ok(page.html.includes(words), words);
});

test("the log is narrowed by result, region, installation and time", async () => {
  const { house, app, user, open } = await openScene();
  await failOnce(house, app, user);
  const rows = async (query: string) => (await open(`/logs?${query}`)).html.match(/<tr><td>/g)?.length ?? 0;

  assert.equal(await rows("result=errors"), 1);
  assert.equal(await rows("result=invalid_grant&region=EU"), 1);
  assert.equal(await rows("result=invalid_grant&region=US"), 0);
  assert.equal(await rows(`installation=${user.installation.id}&result=errors`), 1);
  assert.equal(await rows("installation=999999&result=errors"), 0);
  house.passSeconds(2 * 3_600);
  assert.equal(await rows("range=hour"), 0);
  assert.ok((await rows("range=day")) > 5);
  assert.ok((await rows("range=nonsense&region=nowhere&installation=-1&result=%3Cb%3E")) >= 0);
});

test("charts have the numbers of their tables", async () => {
  const { house, app, user, open } = await openScene();
  await failOnce(house, app, user);

  const page = await open("/charts?range=week");

  assert.match(page.html, /<svg[^>]*role="img"/);
  const rows = [...page.html.matchAll(/<th scope="row">([^<]+)<\/th><td>([^<]+)<\/td><td class="drawn">/g)];
  const told = rows.map(([, label, value]) => `${label}: ${value}`);
  assert.deepEqual(told.slice(0, 2), ["ok: 1", "invalid_grant: 1"], "exchanges by result");
  assert.match(told.slice(2, 4).toSorted().join(", "), /^EU: \d+ ms, US: –$/, "how fast");
  assert.deepEqual(told.slice(4).toSorted(), ["EU: 0", "US: 0"], "a code used twice ends its token");
  assert.ok(!page.html.includes("style="));
});

test("the log of another team's app is not there", async () => {
  const { house, world, app } = await openScene();
  const stranger = new Visitor(house);
  await signIn(stranger, "/portal", await world.addUser(await world.addInstallation()));

  for (const path of ["/logs", "/logs/abc", "/charts"])
    assert.equal(requirePage(await stranger.go(`/portal/apps/${app.clientId}${path}`)).status, 404);
});
