import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { hashSecret } from "../../src/secrets.ts";
import type { Place } from "../lab/lab.ts";
import { checkAt, codesOf, exchangeAt, keepDoing, look, openLabScene, tokenOf, untilTrue } from "../lab/scene.ts";
import { reportFault } from "../support/promises.ts";

/** A region's PostgreSQL, or the way to it, is lost under load: what lives elsewhere is unharmed, and nothing is lost or doubled. */

const scene = await openLabScene({ postgres: { fsync: true } });
const { us } = scene;
afterEach(() => us.mend());

const RECOVERY_GOAL_MILLISECONDS = 2_000;
const CODES = 400;

/** Exchanges at both servers while `harm` is done and undone, with checks in the other region all the time. */
async function underLoad(harm: () => Promise<void>) {
  const elsewhere = await tokenOf(scene, "EU");
  const codes = await codesOf(scene, "US", CODES);
  const tokens: string[] = [];
  /** Codes of exchanges whose COMMIT nobody could tell of, and said so. */
  const doubtful = new Set<string>();
  let refusals = 0;
  let checks = 0;
  const load = keepDoing(8, async (turn) => {
    const code = codes.shift();
    if (code === undefined) return delay(5);
    const { status, body } = await exchangeAt(scene, turn % 2, code);
    if (status === 200) return tokens.push(body.access_token);
    assert.equal(status, 503, JSON.stringify(body));
    if (IN_DOUBT.test(body.error_description)) doubtful.add(code);
    refusals++;
    codes.push(code); // promised to be worth a token still
    return delay(20);
  });
  const other = keepDoing(2, async (turn) => {
    assert.equal(await checkAt(scene, turn % 2, elsewhere), 200, "the other region is unharmed");
    checks++;
  });
  let milliseconds: number;
  try {
    await load.begun(CODES / 8);
    await harm();
    milliseconds = await untilTrue(async () => {
      const [code = ""] = await codesOf(scene, "US", 1);
      return (await exchangeAt(scene, 0, code)).status === 200 && (await bothCheck(tokens[0]));
    });
    await untilTrue(async () => tokens.length === CODES);
  } finally {
    await Promise.all([load.stop(), other.stop()]);
  }
  for (const token of tokens) assert.equal(await checkAt(scene, 1, token), 200);
  assert.deepEqual(await look(us, "SELECT code_hash FROM token GROUP BY code_hash HAVING COUNT(*) > 1"), []);
  const doubts = doubtful.size > 0 ? `, ${doubtful.size} in doubt and told so` : "";
  const happened = `${tokens.length} of ${CODES} codes exchanged, all tokens active; ${refusals} answers 503${doubts}; elsewhere ${checks} checks, all right`;
  return { milliseconds, happened };
}

const IN_DOUBT = /not known yet/;

const bothCheck = async (token = "") =>
  (await checkAt(scene, 0, token)) === 200 && (await checkAt(scene, 1, token)) === 200;

const FAULTS: Readonly<Record<string, (place: Place) => Promise<void>>> = {
  "PostgreSQL restarted": async (place) => {
    await place.stop();
    await place.mend();
  },
  "PostgreSQL killed (kill -9)": async (place) => {
    await place.kill();
    await place.mend();
  },
  "connections cut": async (place) => {
    place.cut();
    await delay(1_000);
    await place.mend();
  },
};

for (const [fault, harm] of Object.entries(FAULTS))
  test(`${fault}: no code is lost or spent twice, no token that was given is lost, the other region is unharmed`, async () => {
    const seen = await underLoad(() => harm(us));
    reportFault({
      fault: `region's ${fault}`,
      promise: "0 lost, 0 doubled; a 503 has spent nothing; the other region is unharmed",
      ...seen,
      goalMilliseconds: RECOVERY_GOAL_MILLISECONDS,
    });
  });

test("an exchange whose COMMIT was cut off is answered with its token, which is active", async () => {
  const codes = await codesOf(scene, "US", 5);
  const direct = new pg.Client({ connectionString: us.direct });
  await direct.connect();
  await direct.query("BEGIN");
  await direct.query("SELECT 1 FROM code WHERE redeemed_at IS NULL FOR UPDATE"); // each batch waits for its row
  const startedAt = performance.now();
  const exchanges = codes.map((code) => exchangeAt(scene, 0, code));
  await untilTrue(async () => (await waiting()) === codes.length);
  us.mute();
  await direct.query("COMMIT");
  const spent = "SELECT COUNT(*) AS n FROM code WHERE redeemed_at IS NOT NULL AND code_hash = ANY($1)";
  const hashes = codes.map(hashSecret);
  await untilTrue(async () => Number((await look<{ n: string }>(us, spent, [hashes]))[0]?.n) === codes.length);
  us.cut();
  await us.mend();
  const answers = await Promise.all(exchanges);
  const milliseconds = performance.now() - startedAt;
  await direct.end();
  for (const { status, body } of answers) {
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(await checkAt(scene, 1, body.access_token), 200);
  }
  reportFault({
    fault: "COMMIT cut off from its answer",
    promise: "the outcome is found out: the app gets its token, and no replay revokes it",
    happened: `${answers.length} exchanges in doubt, all answered with an active token`,
    milliseconds,
    goalMilliseconds: 2_000,
  });
});

/** How many sessions wait for a row. Within one transaction the view would stay as it was at first. */
const waiting = async (): Promise<number> =>
  (await look(us, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).length;

test("while every writing connection is busy checks go on, and whoever waits is served once afterwards", async () => {
  const token = await tokenOf(scene, "US");
  const codes = await codesOf(scene, "US", 40);
  const direct = new pg.Client({ connectionString: us.direct });
  await direct.connect();
  await direct.query("BEGIN");
  await direct.query("SELECT 1 FROM code WHERE redeemed_at IS NULL FOR UPDATE");
  const exchanges = codes.map((code) => exchangeAt(scene, 0, code));
  await untilTrue(async () => (await waiting()) === 8);
  let slowest = 0;
  for (let n = 0; n < 50; n++) {
    const askedAt = performance.now();
    assert.equal(await checkAt(scene, 0, token), 200);
    slowest = Math.max(slowest, performance.now() - askedAt);
  }
  await direct.query("COMMIT");
  await direct.end();
  const answers = await Promise.all(exchanges);
  const late = codes.filter((_, index) => answers[index]?.status === 503);
  for (const { status } of answers) assert.ok(status === 200 || status === 503);
  for (const code of late) assert.equal((await exchangeAt(scene, 1, code)).status, 200, "a 503 has spent nothing");
  reportFault({
    fault: "pool exhausted: all 8 writers of a server wait for locks",
    promise: "checks go on; whoever waited is served once, or told 503 with nothing spent",
    happened: `40 exchanges: ${40 - late.length} served when the lock went, ${late.length} after a 503; the slowest of 50 checks meanwhile is timed`,
    milliseconds: slowest,
    goalMilliseconds: 100,
  });
});
