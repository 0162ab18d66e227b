import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { startFailingPlaces } from "../support/failing-places.ts";
import { type House, openHouse } from "../support/house.ts";
import { type Answer, exchange, exchangeOf, isActive, newCode, signedIn } from "../support/scene.ts";
import { type TestApp, worldOf } from "../support/world.ts";

/**
 * A COMMIT is cut off from its answer and its region stays away, so nobody can tell what became of it. The app is told so, comes
 * again at another server, and gets a token; what was made without anybody's knowing is gone.
 */

const place = await (await startFailingPlaces())("postgres");
const [here, there] = [await openHouse(place.options), await openHouse(place.options)];
const world = worldOf(here);
const user = await world.addUser(await world.addInstallation("EU"));
const visitor = await signedIn(here, world, user);
const direct = new pg.Client({ connectionString: place.direct?.EU });
await direct.connect();
// The server stops before this file's own hooks run, and ends connections that are left.
direct.on("error", () => {});
after(() => direct.end());

/** What `ask` answers when its write is done, but the way back is cut and stays so. */
async function answerCutOff(ask: () => Promise<Answer>, locking: string, whenDone: string): Promise<Answer> {
  await direct.query("BEGIN");
  await direct.query(locking);
  const answer = ask();
  const waits = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  const watcher = new pg.Client({ connectionString: place.direct?.EU });
  await watcher.connect();
  const seen = async (sql: string) => {
    while ((await watcher.query(sql)).rowCount === 0) await delay(10);
  };
  await seen(waits);
  place.silence?.("EU");
  await direct.query("COMMIT");
  await seen(whenDone);
  await watcher.end();
  await place.lose(here, "EU");
  return answer;
}

async function isBack(house: House): Promise<void> {
  for (;;) {
    const { regions } = await (await house.fetch("/health/ready")).json();
    if (regions.every(({ state }: { state: string }) => state === "up")) return;
    await delay(50);
  }
}

const tokensOf = async (app: TestApp) =>
  (await direct.query("SELECT revoked_at FROM token WHERE client_id = $1", [app.clientId])).rows;

const lockCodes = "SELECT 1 FROM code WHERE redeemed_at IS NULL FOR UPDATE";
const codeSpent = "SELECT 1 FROM code WHERE redeemed_at IS NOT NULL AND client_id =";

async function mendAndWait() {
  place.restore?.("EU");
  await Promise.all([isBack(here), isBack(there)]);
}

test("who comes again with a code that was spent for a token nobody saw gets a token, and the unseen one is gone", async () => {
  const app = await world.registerApp({ trusted: true });
  const code = await newCode({ visitor }, app);
  const spent = `${codeSpent} '${app.clientId}'`;
  const doubtful = await answerCutOff(() => exchange(here, exchangeOf(app, code)), lockCodes, spent);
  assert.equal(doubtful.status, 503);
  assert.match(doubtful.body.error_description, /not known yet/);
  await mendAndWait();

  const { status, body } = await exchange(there, exchangeOf(app, code));
  assert.equal(status, 200, JSON.stringify(body));
  assert.ok(await isActive(here, body.access_token));
  assert.deepEqual(await tokensOf(app), [{ revoked_at: null }], "the unseen token is gone");

  const replay = await exchange(here, exchangeOf(app, code));
  assert.equal(replay.status, 400);
  assert.equal(await isActive(there, body.access_token), false, "a true replay ends the token as ever");
});

test("the doubt helps its own app only", async () => {
  const [app, other] = [await world.registerApp({ trusted: true }), await world.registerApp()];
  const code = await newCode({ visitor }, app);
  const spent = `${codeSpent} '${app.clientId}'`;
  await answerCutOff(() => exchange(here, exchangeOf(app, code)), lockCodes, spent);
  await mendAndWait();

  const stolen = await exchange(there, { ...exchangeOf(other, code), redirect_uri: app.redirectUri });
  assert.equal(stolen.status, 400);
  const elsewhere = await exchange(there, { ...exchangeOf(app, code), redirect_uri: `${app.redirectUri}/elsewhere` });
  assert.equal(elsewhere.status, 400);
  assert.equal((await exchange(there, exchangeOf(app, code))).status, 200);
});

test("who comes again with a refresh token that was traded for a pair nobody saw gets a pair, also after the grace", async () => {
  const app = await world.registerApp({ trusted: true, tokens: "expiring" });
  const first = (await exchange(here, exchangeOf(app, await newCode({ visitor }, app)))).body;
  const { client_id, client_secret } = exchangeOf(app, "");
  const refresh = (house: House, refresh_token: string) =>
    exchange(house, { client_id, client_secret, grant_type: "refresh_token", refresh_token });
  const doubtful = await answerCutOff(
    () => refresh(here, first.refresh_token),
    "SELECT 1 FROM refresh_token FOR UPDATE",
    `SELECT 1 FROM refresh_token WHERE rotated_at IS NOT NULL AND client_id = '${app.clientId}'`,
  );
  assert.equal(doubtful.status, 503);
  await mendAndWait();
  for (const house of [here, there]) house.passSeconds(60);

  const second = await refresh(there, first.refresh_token);
  assert.equal(second.status, 200, JSON.stringify(second.body));
  assert.ok(await isActive(here, second.body.access_token));
  assert.ok(await isActive(here, first.access_token), "nothing of the family was revoked");

  for (const house of [here, there]) house.passSeconds(60);
  assert.equal((await refresh(here, first.refresh_token)).status, 400, "its reuse is reuse from now on");
  assert.equal(await isActive(there, second.body.access_token), false);
});
