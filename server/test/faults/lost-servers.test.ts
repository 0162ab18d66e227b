import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { reach } from "../lab/reach.ts";
import {
  checkAt,
  codesOf,
  doorOf,
  exchangeAt,
  keepDoing,
  type LabScene,
  look,
  openLabScene,
  serverOf,
  untilTrue,
} from "../lab/scene.ts";
import { reportFault } from "../support/promises.ts";
import { logIn } from "../support/world.ts";

/** One of two servers dies by kill -9 in the middle of things; the other one has what was acknowledged, once. */

const scene = await openLabScene({ postgres: { fsync: true } });

/** Starts the server that was killed again, and answers how long that took. */
async function revive(scene: LabScene): Promise<number> {
  const startedAt = performance.now();
  scene.servers[0] = await scene.lab.addServer({ settings: { LATCHKEY_PORT: new URL(scene.lab.url).port } });
  scene.doors[0] = reach(scene.lab, serverOf(scene, 0));
  return performance.now() - startedAt;
}

test("a server that is killed while it exchanges codes loses no token it gave, and gives none twice", async () => {
  const codes = await codesOf(scene, "US", 300);
  const tokens = new Map<string, string>();
  const unanswered = new Set(codes);
  const load = keepDoing(10, async (turn) => {
    const code = codes[turn];
    if (code === undefined) return delay(5);
    const answer = await exchangeAt(scene, 0, code).catch(() => undefined);
    if (!answer) return;
    assert.equal(answer.status, 200);
    unanswered.delete(code);
    tokens.set(code, answer.body.access_token);
  });
  await load.begun(120);
  await serverOf(scene, 0).kill();
  await load.stop();
  assert.ok(tokens.size > 50 && unanswered.size > 0);

  for (const token of tokens.values()) assert.equal(await checkAt(scene, 1, token), 200);
  let spent = 0;
  for (const code of unanswered) {
    const { status, body } = await exchangeAt(scene, 1, code);
    assert.ok(status === 200 || body.error === "invalid_grant", JSON.stringify(body));
    if (status !== 200) spent++;
  }
  const doubled = await look(scene.us, "SELECT code_hash FROM token GROUP BY code_hash HAVING COUNT(*) > 1");
  assert.deepEqual(doubled, []);
  reportFault({
    fault: "server killed (kill -9) during exchanges",
    promise: "0 tokens lost, 0 codes doubled; the other server goes on",
    happened: `${tokens.size} acknowledged, all active; of ${unanswered.size} unanswered ${spent} were spent; 0 doubled`,
    milliseconds: await revive(scene),
    goalMilliseconds: 2_000,
  });
});

test("a server that is killed while people log in loses no session and no code it gave", async () => {
  const { user } = scene.residents.EU;
  const callbacks: Awaited<ReturnType<typeof logIn>>[] = [];
  const load = keepDoing(4, async () => {
    const callback = await logIn(doorOf(scene, 0), scene.app, user).catch(() => undefined);
    if (callback) callbacks.push(callback);
    else await delay(5);
  });
  await load.begun(16);
  await serverOf(scene, 0).kill();
  await load.stop();
  assert.ok(callbacks.length > 4);

  const failover = await untilTrue(async () => {
    await logIn(doorOf(scene, 1), scene.app, user);
    return true;
  });
  const answers = await Promise.all(
    callbacks.map(({ code, codeVerifier }) => exchangeAt(scene, 1, code, { code_verifier: codeVerifier })),
  );
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  const [first] = await codesOf({ ...scene, residents: swapped(scene) }, "EU", 1);
  assert.ok(first, "the session that the dead server opened is good at the other one");
  reportFault({
    fault: "server killed (kill -9) during logins",
    promise: "each code that was handed out is good at the other server; sessions go on",
    happened: `${callbacks.length} codes handed out, all redeemed; the next login at the other server succeeds`,
    milliseconds: failover,
    goalMilliseconds: 2_000,
  });
  await revive(scene);
});

/** The second server's visitor first. */
const swapped = ({ residents }: LabScene) => ({
  US: residents.US,
  EU: { ...residents.EU, visitors: residents.EU.visitors.toReversed() },
});

test("a server that is killed while an app is changed leaves the last acknowledged change or the next one, whole", async () => {
  const apps = await Promise.all([1, 2, 3].map(() => scene.world.registerApp()));
  const originOf = (number: number) => `https://app${number}.example.com`;
  const acknowledged = apps.map(() => 0);
  const load = keepDoing(apps.length, async (turn) => {
    const index = turn % apps.length;
    const answer = await doorOf(scene, 0)
      .admin("PATCH", `/apps/${apps[index]?.clientId}`, { description: `${turn}`, allowedOrigins: [originOf(turn)] })
      .catch(() => undefined);
    if (answer?.status === 200) acknowledged[index] = Math.max(acknowledged[index] ?? 0, turn);
    else await delay(5);
  });
  await load.begun(90);
  await serverOf(scene, 0).kill();
  await load.stop();

  let heardAfter = 0;
  for (const [index, { clientId }] of apps.entries()) {
    const { body } = await doorOf(scene, 1).admin("GET", `/apps/${clientId}`);
    const number = Number(body.description);
    assert.ok(number >= (acknowledged[index] ?? 0), `${number} is older than ${acknowledged[index]}`);
    assert.deepEqual(body.allowedOrigins, [originOf(number)], "a change is there whole or not at all");
    const isHeard = async () => {
      const preflight = await doorOf(scene, 1).fetch("/launchpad/v1/token.json", {
        method: "OPTIONS",
        headers: { origin: originOf(number), "access-control-request-method": "POST" },
      });
      return preflight.headers.get("access-control-allow-origin") === originOf(number);
    };
    heardAfter = Math.max(heardAfter, await untilTrue(isHeard));
  }
  reportFault({
    fault: "server killed (kill -9) during changes of apps",
    promise: "the last acknowledged change or the next one, whole, and the other server hears of it",
    happened: `after about ${Math.max(...acknowledged)} changes none is lost and none is half done`,
    milliseconds: heardAfter,
    goalMilliseconds: 1_000,
  });
  await revive(scene);
});
