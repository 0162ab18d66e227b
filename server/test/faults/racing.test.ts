import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { test } from "node:test";
import { newCode } from "../../src/domain/tokens/credentials.ts";
import { openPostgres } from "../../src/store/engines/postgres.ts";
import { regionStore } from "../../src/store/region/region.ts";
import { type LabScene, look, openLabScene } from "../lab/scene.ts";
import { reportFault } from "../support/promises.ts";
import { exchangeOf } from "../support/scene.ts";

/** Two processes race for codes. Which of them wins is nobody's business, but it is one. */

const CODES = 10_000;
const TRIES = 20;
/** Codes that are raced for at once. */
const PARALLEL = 4;

const scene = await openLabScene();

/** As the login makes them, without paying for 10,000 logins. */
async function issueCodes({ us, app, residents }: LabScene): Promise<string[]> {
  const db = await openPostgres("US", us.direct);
  const { codes } = regionStore(db);
  const { id: userId, installation } = residents.US.user;
  const issue = async () => {
    const { secret, hash } = newCode("US");
    const now = db.now();
    const issued = await codes.issue({
      codeHash: hash,
      loginId: null,
      clientId: app.clientId,
      installationId: installation.id,
      userId,
      redirectUri: app.redirectUri,
      challenge: null,
      scopes: ["projects"],
      nonce: null,
      authenticatedAt: now,
      issuedAt: now,
      expiresAt: now + 900,
    });
    assert.ok(issued);
    return secret;
  };
  const all: string[] = [];
  while (all.length < CODES) all.push(...(await Promise.all(Array.from({ length: 50 }, issue))));
  await db.close();
  return all;
}

/** `fetch` would cost more than both servers. */
function post(agent: Agent, url: URL, body: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  request(url, { agent, method: "POST", headers }, (answer) => {
    answer.resume().once("end", () => resolve(answer.statusCode ?? 0));
  })
    .once("error", reject)
    .end(body);
  return promise;
}

test(`of ${TRIES} tries for each of ${CODES} codes at two servers exactly one is answered with a token`, async (t) => {
  const codes = await issueCodes(scene);
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const doors = scene.servers.map(({ url }) => new URL("/launchpad/v1/token.json", url));
  const winners: Record<number, number> = {};
  const statuses: Record<number, number> = {};
  const startedAt = performance.now();
  let next = 0;
  const race = async () => {
    for (let code = codes[next++]; code !== undefined; code = codes[next++]) {
      const body = JSON.stringify(exchangeOf(scene.app, code));
      const answers = await Promise.all(
        Array.from({ length: TRIES / doors.length }, () => doors.map((door) => post(agent, door, body))).flat(),
      );
      for (const status of answers) statuses[status] = (statuses[status] ?? 0) + 1;
      const won = answers.filter((status) => status === 200).length;
      winners[won] = (winners[won] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, race));
  const seconds = (performance.now() - startedAt) / 1_000;

  assert.deepEqual(winners, { 1: CODES });
  assert.deepEqual(statuses, { 200: CODES, 400: CODES * (TRIES - 1) });
  const [{ tokens, active } = { tokens: "", active: "" }] = await look<{ tokens: string; active: string }>(
    scene.us,
    "SELECT COUNT(*) AS tokens, COUNT(*) FILTER (WHERE revoked_at IS NULL) AS active FROM token WHERE user_id = $1",
    [scene.residents.US.user.id],
  );
  assert.ok(Number(tokens) >= CODES);
  assert.ok(Number(active) <= Number(tokens) - CODES, "a replay ends the token that the race gave (RFC 6749 §4.1.2)");
  reportFault({
    fault: `${CODES} codes x ${TRIES} tries over two servers`,
    promise: "0 doubled: each code gives one token",
    happened: `${CODES} codes, ${CODES * TRIES} tries, ${CODES} tokens, 0 doubled; ${Math.round((CODES * TRIES) / seconds)} tries a second`,
  });
});
