import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openDatabase } from "../../src/store/open.ts";
import { openLab } from "../lab/lab.ts";
import {
  checkAt,
  codesOf,
  doorOf,
  exchangeAt,
  keepDoing,
  look,
  openLabScene,
  serverOf,
  tokenOf,
  untilTrue,
} from "../lab/scene.ts";
import { startServer } from "../lab/server-process.ts";
import { reportFault } from "../support/promises.ts";
import { logIn } from "../support/world.ts";

/** Long works that die half way: whoever comes next goes on with them. */

/** A server that died keeps the others from its migration or move for this long. */
const LEASE_MILLISECONDS = 30_000;

const scene = await openLabScene();

test("a migration that is killed half way is completed by the next server, to the same schema", async () => {
  const lab = await openLab({ regions: { US: 40 } });
  after(() => lab.close());
  const [us] = lab.regions;
  assert.ok(us);
  const settings = { ...lab.settings, LATCHKEY_DEMO: "off" };
  const killer = new AbortController();
  const first = startServer({ settings, signal: killer.signal }).catch(() => undefined);
  const countDone = "SELECT COUNT(*) AS n FROM migration";
  const done = async () => Number((await look<{ n: string }>(us, countDone))[0]?.n);
  await untilTrue(async () => (await done()) >= 5);
  killer.abort();
  assert.equal(await first, undefined, "it never listened");
  const before = await done();

  const startedAt = performance.now();
  const second = await startServer({ settings });
  const milliseconds = performance.now() - startedAt;
  assert.equal((await fetch(`${second.url}/health/ready`)).status, 200);
  await second.stop();
  await look(us, "CREATE DATABASE whole");
  const whole = { ...us, direct: us.direct.replace(/\/postgres$/, "/whole") };
  await (await openDatabase({ engine: "postgres", url: whole.direct }, "whole", "region")).close();
  assert.ok(before < Number((await look<{ n: string }>(whole, countDone))[0]?.n));
  for (const sql of SCHEMA) assert.deepEqual(await look(us, sql), await look(whole, sql));
  reportFault({
    fault: "migration killed half way (kill -9)",
    promise: "the next server completes it, to the same schema",
    happened: `killed after ${before} statements; the next server waits for its lease, goes on and serves`,
    milliseconds,
    goalMilliseconds: LEASE_MILLISECONDS + 5_000,
  });
});

const SCHEMA = [
  `SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`,
  "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname",
  "SELECT file, statement, text_hash FROM migration ORDER BY file, statement",
];

test("a move whose server is killed half way is completed by another: tokens count all the time, none is lost or doubled", async () => {
  const { user } = scene.residents.US;
  const { id } = user.installation;
  const codes = await codesOf(scene, "US", 200);
  const tokens: string[] = [];
  while (codes.length > 0)
    for (const { status, body } of await Promise.all(codes.splice(0, 10).map((code) => exchangeAt(scene, 0, code)))) {
      assert.equal(status, 200);
      tokens.push(body.access_token);
    }
  const count = "SELECT COUNT(*) AS n, COUNT(DISTINCT code_hash) AS codes FROM token WHERE installation_id = $1";
  const [before] = await look<{ n: string; codes: string }>(scene.us, count, [id]);
  scene.eu.slow(100);
  const move = `/regions/US/installations/${id}/move`;
  assert.equal((await doorOf(scene, 0).admin("POST", move, { to: "EU" })).status, 202);
  const stateOf = async () => {
    const sql = "SELECT state, copied_rows, lease_ends_at FROM move WHERE subject = $1";
    return (await look<{ state: string; copied_rows: string }>(scene.lab.directory, sql, [String(id)]))[0];
  };
  await untilTrue(async () => Number((await stateOf())?.copied_rows) > 0);
  const killedIn = (await stateOf())?.state;
  await serverOf(scene, 0).kill();
  await scene.eu.mend();

  let checks = 0;
  const load = keepDoing(2, async (turn) => {
    assert.equal(await checkAt(scene, 1, tokens[turn % tokens.length] ?? ""), 200);
    checks++;
  });
  const milliseconds = await untilTrue(async () => (await stateOf())?.state === "done");
  await load.stop();
  assert.deepEqual(await look(scene.eu, count, [id]), [before]);
  assert.deepEqual(await look(scene.us, count, [id]), [{ n: "0", codes: "0" }]);
  for (const token of tokens) assert.equal(await checkAt(scene, 1, token), 200);
  reportFault({
    fault: "move of an installation killed half way (kill -9)",
    promise: "another server completes it; tokens count all the time; 0 lost, 0 doubled",
    happened: `killed while ${killedIn}; ${checks} checks meanwhile, all right; ${before?.n} tokens moved`,
    milliseconds,
    goalMilliseconds: LEASE_MILLISECONDS + 10_000,
  });
  scene.servers[0] = await scene.lab.addServer({ settings: { LATCHKEY_PORT: new URL(scene.lab.url).port } });
});

test("a server that starts while the directory is gone serves logins, exchanges and checks from the regions' copies", async () => {
  const { lab, app } = scene;
  const token = await tokenOf(scene, "EU");
  const copied = "SELECT 1 FROM directory_copy WHERE kind = 'app' AND copy_key = $1";
  await untilTrue(async () => {
    const rows = await Promise.all(lab.regions.map((region) => look(region, copied, [app.clientId])));
    return rows.every((found) => found.length === 1);
  });
  lab.directory.cut();
  await serverOf(scene, 0).kill();
  const startedAt = performance.now();
  scene.servers[0] = await lab.addServer({ settings: { LATCHKEY_PORT: new URL(lab.url).port } });
  const milliseconds = performance.now() - startedAt;
  assert.equal(await checkAt(scene, 0, token), 200);
  const { code, codeVerifier } = await logIn(doorOf(scene, 0), app, scene.residents.EU.user);
  assert.equal((await exchangeAt(scene, 0, code, { code_verifier: codeVerifier })).status, 200);
  await lab.directory.mend();
  const back = await untilTrue(async () => {
    const made = await doorOf(scene, 0).admin("POST", "/apps", {
      name: "In time",
      redirectUris: ["https://app.example.com/callback"],
    });
    return made.status === 201;
  });
  reportFault({
    fault: "cold start without the directory",
    promise: "logins, exchanges and checks work from the regions' copies",
    happened: `it listens after the time beside this, and writes to the directory ${Math.round(back)} ms after that is back`,
    milliseconds,
    goalMilliseconds: 5_000,
  });
});
