import assert from "node:assert/strict";
import { test } from "node:test";
import type { House } from "../support/house.ts";
import { openMailbox } from "../support/mailbox.ts";
import { move } from "../support/moves.ts";
import { rowsOf } from "../support/rows.ts";
import {
  answerOf,
  basic,
  exchange,
  exchangeOf,
  isActive,
  loginPath,
  newCode,
  openScene,
  postForm,
} from "../support/scene.ts";
import { requireLeft, requirePage } from "../support/visitor.ts";
import { logIn, obtainToken, type TestUser } from "../support/world.ts";

const pathOf = ({ installation }: TestUser) => `/regions/${installation.region}/installations/${installation.id}`;
const userinfo = async (house: House, token: string) =>
  answerOf(await house.fetch("/launchpad/v1/userinfo.json", { headers: { authorization: `Bearer ${token}` } }));

test("a moved installation keeps its ids, and its tokens answer from the new region with the new apiEndPoint", async () => {
  const { house, app, user } = await openScene();
  const grant = await obtainToken(house, app, user);
  const before = (await userinfo(house, grant.access_token)).body;
  const api = "https://api.eu.example.com/";
  const over = await move(house, `${pathOf(user)}/move`, { to: "EU", apiEndPoint: "https://API.eu.example.com" });
  assert.equal(over.from, "US");
  assert.ok(over.copiedRows > 3);

  const { status, body } = await userinfo(house, grant.access_token);
  assert.equal(status, 200);
  assert.deepEqual(body, { ...before, region: "EU", awsRegion: "EU", apiEndPoint: api });
  const verified = await house.fetch("/verify", { headers: { authorization: `Bearer ${grant.access_token}` } });
  assert.equal(verified.headers.get("x-login-region"), "EU");
  const again = await obtainToken(house, app, { ...user, installation: { ...user.installation, region: "EU" } });
  assert.equal(again.installation.id, user.installation.id);
  assert.equal(again.installation.region, "EU");
  assert.equal(again.installation.apiEndPoint, api);
  assert.equal(again.user.id, user.id);
});

test("nothing of a moved installation is left in the old region, and everything is in the new one once", async () => {
  const { house, app, user, visitor } = await openScene({ trusted: false, tokens: "expiring" });
  const { us, eu } = regionsOf(house);
  await obtainToken(house, app, user);
  await newCodeByConsent();
  const before = await rowsOf(us.store.db);
  const kept = ["installation", "company", "installation_user", "consent", "code", "token", "refresh_token"];
  for (const table of kept) assert.notEqual(before[table], "[]", table);
  await move(house, `${pathOf(user)}/move`, { to: "EU" });
  const [left, there] = [await rowsOf(us.store.db), await rowsOf(eu.store.db)];
  for (const table of kept) {
    assert.equal(left[table], "[]", table);
    assert.equal(there[table], before[table], table);
  }
  assert.equal(left.moving_installation, "[]");
  assert.equal(there.moving_installation, "[]");
  assert.doesNotMatch(left.audit ?? "", /US-\d+/);
  assert.match(there.audit ?? "", /user\.create/);

  async function newCodeByConsent() {
    const page = await visitor.go(loginPath(app));
    if (!("left" in page)) requireLeft(await visitor.submit(page, {}, "allow"));
  }
});

test("codes and refresh tokens of before the move are good after it", async () => {
  const { house, world, app, user, visitor } = await openScene();
  const expiring = await world.registerApp({ trusted: true, tokens: "expiring" });
  const code = await newCode({ visitor }, app);
  const { refresh_token = "" } = await obtainToken(house, expiring, user);
  await move(house, `${pathOf(user)}/move`, { to: "EU" });

  const bought = await exchange(house, exchangeOf(app, code));
  assert.equal(bought.status, 200);
  assert.equal(bought.body.installation.region, "EU");
  const refreshed = await expiring.client.refresh(refresh_token);
  assert.equal(refreshed.installation.region, "EU");
  assert.ok(await isActive(house, refreshed.access_token));
  const replayed = await exchange(house, exchangeOf(app, code));
  assert.equal(replayed.status, 400);
  assert.equal(await isActive(house, bought.body.access_token), false);
});

test("a token of before the move can be revoked after it, by its app and by the operator", async () => {
  const { house, app, user } = await openScene();
  const [first, second] = [await obtainToken(house, app, user), await obtainToken(house, app, user)];
  await move(house, `${pathOf(user)}/move`, { to: "EU" });
  await app.client.revoke(first.access_token);
  assert.equal(await isActive(house, first.access_token), false);
  const tokens = `/regions/EU/installations/${user.installation.id}/users/${user.id}/tokens`;
  const [{ id }] = (await house.admin("GET", tokens)).body.items;
  assert.equal((await house.admin("DELETE", `${tokens}/${id}`)).status, 204);
  assert.equal(await isActive(house, second.access_token), false);
});

test("under its old region the installation is a 404 that names the new one", async () => {
  const { house, user } = await openScene();
  await move(house, `${pathOf(user)}/move`, { to: "EU" });
  for (const path of [pathOf(user), `${pathOf(user)}/users`, `${pathOf(user)}/users/${user.id}`]) {
    const { status, body } = await house.admin("GET", path);
    assert.equal(status, 404, path);
    assert.match(body.detail, /lives in EU now/);
  }
  assert.equal((await house.admin("GET", `/regions/EU/installations/${user.installation.id}`)).body.region, "EU");
  assert.deepEqual((await house.admin("GET", "/regions/US/installations")).body.items, []);
});

test("the chooser shows a moved installation in its new region, and a hint of before still means it", async () => {
  const { house, world, app, user, visitor } = await openScene();
  const other = await world.addInstallation("US");
  await world.addUser(other, { email: user.email });
  await move(house, `${pathOf(user)}/move`, { to: "EU" });
  const chooser = requirePage(await visitor.go(loginPath(app)));
  const values = chooser.forms.flatMap(({ buttons }) => buttons.map(({ value }) => value));
  assert.ok(values.includes(`EU-${user.installation.id}`) && values.includes(`US-${other.id}`));
  assert.ok(!values.includes(`US-${user.installation.id}`));
  for (const installation of [`US-${user.installation.id}`, `EU-${user.installation.id}`, `${user.installation.id}`])
    assert.match(await newCode({ visitor }, app, { installation }), /-EU$/);
  assert.ok("title" in (await visitor.go(loginPath(app, { installation: `EU-${other.id}` }))));
});

test("an installation moves back, and the tokens of all its times are good", async () => {
  const { house, app, user } = await openScene();
  const [us] = [await obtainToken(house, app, user)];
  await move(house, `${pathOf(user)}/move`, { to: "EU" });
  const there = { ...user, installation: { ...user.installation, region: "EU" } };
  const eu = await obtainToken(house, app, there);
  await move(house, `${pathOf(there)}/move`, { to: "US" });
  for (const { access_token } of [us, eu]) assert.equal((await userinfo(house, access_token)).body.region, "US");
  assert.equal((await logIn(house, app, user)).code.slice(-3), "-US");
});

test("what cannot move is refused, with the reason at its member", async () => {
  const { house, user } = await openScene();
  const path = `${pathOf(user)}/move`;
  const refused = async (body: object, field: string) => {
    const answer = await house.admin("POST", path, body);
    assert.equal(answer.status, 422, JSON.stringify(body));
    assert.deepEqual(
      answer.body.errors.map((error: { field: string }) => error.field),
      [field],
    );
  };
  await refused({}, "to");
  await refused({ to: "XX" }, "to");
  await refused({ to: "US" }, "to");
  await refused({ to: "EU", url: "ftp://x.example/" }, "url");
  await refused({ to: "EU", apiEndPoint: "/api" }, "apiEndPoint");
  await refused({ to: "EU", name: "x" }, "name");
  for (const absent of [
    "/regions/US/installations/999/move",
    "/regions/XX/installations/1/move",
    "/regions/US/installations/x/move",
  ]) {
    assert.equal((await house.admin("POST", absent, { to: "EU" })).status, 404, absent);
    assert.equal((await house.admin("GET", absent)).status, 404, absent);
    assert.equal((await house.admin("DELETE", absent)).status, 404, absent);
  }
  assert.equal((await house.admin("GET", path)).status, 404);
  assert.equal((await house.fetch(`/admin/v1${path}`, { method: "POST" })).status, 401);
});

test("a move is undone until it has flipped, and then says so", async () => {
  const { house, app, user } = await openScene();
  const { access_token } = await obtainToken(house, app, user);
  const path = `${pathOf(user)}/move`;
  const before = await rowsOf(regionsOf(house).us.store.db);
  assert.equal((await house.admin("POST", path, { to: "EU" })).status, 202);
  await house.deps.mover.round();
  const late = await house.admin("DELETE", path);
  assert.equal(late.status, 409);
  assert.match(late.body.detail, /lives in EU already/);
  house.passSeconds(3);
  await house.deps.mover.round();
  await move(house, `/regions/EU/installations/${user.installation.id}/move`, { to: "US" });
  const after = await rowsOf(regionsOf(house).us.store.db);
  for (const table of ["installation", "installation_user", "token", "company"])
    assert.equal(after[table], before[table]);
  assert.ok(await isActive(house, access_token));
});

test("while its installation moves every write answers 503 and changes nothing, and every check answers", async () => {
  const { house, world, user, app, visitor } = await openScene({ trusted: false, tokens: "expiring" });
  const trusted = await world.registerApp({ trusted: true });
  const { access_token, refresh_token = "" } = await obtainToken(house, app, user);
  const code = await newCode({ visitor }, trusted);
  const { us } = regionsOf(house);
  const id = String(user.installation.id);
  const [{ id: tokenId }] = (await house.admin("GET", `${pathOf(user)}/users/${user.id}/tokens`)).body.items;
  await openMailbox(house).settled();
  await us.store.moving.mark("installation", id, "a move", "leaving");
  const before = await rowsButTimeline(us.store.db);

  const credential = { client_id: app.clientId, client_secret: app.clientSecret };
  const token = "/launchpad/v1/token.json";
  const answers = {
    exchange: await exchange(house, exchangeOf(trusted, code)),
    "exchange with a wrong redirect_uri": await exchange(
      house,
      exchangeOf(trusted, code, { redirect_uri: "https://x.example/" }),
    ),
    refresh: await postForm(house, token, { ...credential, grant_type: "refresh_token", refresh_token }),
    revoke: await postForm(house, "/oauth2/revoke", { ...credential, token: access_token }),
    "revoke a refresh token": await postForm(house, "/oauth2/revoke", { ...credential, token: refresh_token }),
    "change installation": await house.admin("PATCH", pathOf(user), { name: "x", company: { name: "y" } }),
    "delete installation": await house.admin("DELETE", pathOf(user)),
    "add user": await house.admin("POST", `${pathOf(user)}/users`, {
      email: "n@example.com",
      firstName: "N",
      lastName: "N",
    }),
    "change user": await house.admin("PATCH", `${pathOf(user)}/users/${user.id}`, { firstName: "x" }),
    "delete user": await house.admin("DELETE", `${pathOf(user)}/users/${user.id}`),
    "revoke a user's token": await house.admin("DELETE", `${pathOf(user)}/users/${user.id}/tokens/${tokenId}`),
  };
  for (const [what, { status, headers }] of Object.entries(answers)) {
    assert.equal(status, 503, what);
    assert.equal(headers.get("retry-after"), "5", what);
  }
  assert.equal(answers.exchange.body.error, "temporarily_unavailable");
  for (const one of [trusted, await world.registerApp({ name: "Another" })]) {
    let page = await visitor.go(loginPath(one));
    if ("title" in page && page.status === 200) page = await visitor.submit(page, {}, "allow");
    assert.equal(requirePage(page).status, 503);
  }
  assert.deepEqual(await rowsButTimeline(us.store.db), before);
  assert.ok(await isActive(house, access_token));
  const active = await postForm(
    house,
    "/oauth2/introspect",
    { token: access_token },
    { headers: { authorization: basic(app.clientId, app.clientSecret ?? "") } },
  );
  assert.equal(active.body.active, true);

  await us.store.moving.unmark("installation", id, "a move");
  assert.equal((await exchange(house, exchangeOf(trusted, code))).status, 200);
});

function regionsOf({ deps }: House) {
  return { us: deps.regions.require("US"), eu: deps.regions.require("EU") };
}

test("no table of a region that names an installation or an account is forgotten by a move (store/region/moving-rows.ts)", async () => {
  const { us } = regionsOf((await openScene()).house);
  if (us.store.db.engine !== "sqlite") return;
  const naming = async (column: string) => {
    const sql = `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
      WHERE m.type = 'table' AND c.name = $1 ORDER BY m.name`;
    return (await us.store.db.read<{ name: string }>(sql, [column])).map(({ name }) => name);
  };
  const moved = ["code", "company", "consent", "installation", "installation_user"];
  // A link is its account's, a mark is the move's own, and an app's log tells of no person.
  assert.deepEqual(await naming("installation_id"), [
    ...moved,
    ...["link", "login_event", "moving_installation", "refresh_token", "token"],
  ]);
  // A user is its installation's, and a session ends.
  assert.deepEqual(await naming("account_id"), [
    "account",
    ...["installation_user", "link", "moving_account", "operator", "session"],
  ]);
});

/** The timeline of an app's logins tells of refusals too, and writes them by and by. */
async function rowsButTimeline(db: Parameters<typeof rowsOf>[0]) {
  const { login_event, login_hour, ...rows } = await rowsOf(db);
  return rows;
}
