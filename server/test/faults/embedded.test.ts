import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { reach } from "../lab/reach.ts";
import { keepDoing } from "../lab/scene.ts";
import { type ServerProcess, type ServerProcessOptions, startServer } from "../lab/server-process.ts";
import type { Door } from "../support/house.ts";
import { reportFault } from "../support/promises.ts";
import { exchange, exchangeOf, isActive, newCode, signedIn } from "../support/scene.ts";
import { Visitor } from "../support/visitor.ts";
import { type TestApp, worldOf } from "../support/world.ts";

/** The embedded default: one server, its databases in its own directory. */

const KILLS = 100;
/** So that registering many people costs no hashing. */
const HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA";
const ADMIN_TOKEN = "the-operators-token-of-the-fault-tests";
const URL_OF_ALL = "http://localhost:4400";

const all = mkdtempSync(join(tmpdir(), "latchkey-faults-"));
after(() => rmSync(all, { recursive: true, force: true })); // once the servers of all tests are gone
const newDirectory = (): string => mkdtempSync(join(all, "data-"));

async function open(
  data: string,
  more: Partial<ServerProcessOptions> = {},
): Promise<{ server: ServerProcess; door: Door }> {
  const settings = {
    LATCHKEY_DATA: data,
    LATCHKEY_URL: URL_OF_ALL,
    LATCHKEY_ADMIN_TOKEN: ADMIN_TOKEN,
    LATCHKEY_DEMO: "off",
    LATCHKEY_LIMITS: "off",
  };
  const server = await startServer({ settings, ...more });
  return { server, door: reach({ url: URL_OF_ALL, adminToken: ADMIN_TOKEN }, server) };
}

test(`${KILLS} times killed (kill -9) under load, the embedded server loses nothing that it acknowledged`, async () => {
  const data = newDirectory();
  let { server, door } = await open(data);
  const installation = await worldOf(door).addInstallation();
  const user = await worldOf(door).addUser(installation);
  const app = await worldOf(door).registerApp({ trusted: true });
  const { cookies } = await signedIn(door, worldOf(door), user);
  const users = `/regions/US/installations/${installation.id}/users`;
  const kept = { users: 0, apps: 0, tokens: 0 };
  const restarts: number[] = [];
  let made = 0;

  for (let kill = 1; kill <= KILLS; kill++) {
    const acknowledged = { users: [] as number[], apps: [] as string[], tokens: [] as string[] };
    const load = keepDoing(6, async (turn) => {
      try {
        if (turn % 3 === 0) acknowledged.users.push(await addUser(door, users, ++made));
        else if (turn % 3 === 1) acknowledged.apps.push((await worldOf(door).registerApp()).clientId);
        else acknowledged.tokens.push(await newToken(door, app, cookies));
      } catch {
        await delay(5); // unanswered: nothing was promised
      }
    });
    await load.begun(20 + (kill % 7) * 3);
    await server.kill();
    await load.stop();
    const startedAt = performance.now();
    ({ server, door } = await open(data));
    restarts.push(performance.now() - startedAt);

    for (const id of acknowledged.users) assert.equal((await door.admin("GET", `${users}/${id}`)).status, 200);
    for (const id of acknowledged.apps) assert.equal((await door.admin("GET", `/apps/${id}`)).status, 200);
    for (const token of acknowledged.tokens) assert.ok(await isActive(door, token));
    kept.users += acknowledged.users.length;
    kept.apps += acknowledged.apps.length;
    kept.tokens += acknowledged.tokens.length;
  }
  await server.stop();
  assert.ok(kept.users > KILLS && kept.apps > KILLS && kept.tokens > KILLS);
  reportFault({
    fault: `embedded server killed (kill -9) ${KILLS} times under load`,
    promise: "0 acknowledged writes lost",
    happened: `acknowledged and there: ${kept.users} users, ${kept.apps} apps, ${kept.tokens} tokens; 0 lost; the median start is timed`,
    milliseconds: restarts.sort((a, b) => a - b)[KILLS / 2] ?? 0,
    goalMilliseconds: 1_000,
  });
});

async function addUser(door: Door, users: string, number: number): Promise<number> {
  const { status, body } = await door.admin("POST", users, {
    email: `person${number}@example.com`,
    passwordHash: HASH,
    firstName: "Dana",
    lastName: "Lee",
  });
  if (status !== 201) throw new Error(`${status}`);
  return body.id;
}

async function newToken(door: Door, app: TestApp, cookies: ReadonlyMap<string, string>): Promise<string> {
  const visitor = new Visitor(door);
  for (const [name, value] of cookies) visitor.cookies.set(name, value);
  const { status, body } = await exchange(door, exchangeOf(app, await newCode({ visitor }, app)));
  if (status !== 200) throw new Error(`${status}`);
  return body.access_token;
}

test("on a full disk the embedded server answers 503 for what it cannot write, checks go on, and nothing acknowledged is lost", async () => {
  const data = newDirectory();
  // The limit stands for the disk: what a file cannot grow by is refused while the process goes on.
  const limited = ["sh", "-c", `trap '' XFSZ; ulimit -f 3000; exec "$@"`, "sh"];
  let { server, door } = await open(data, { under: limited });
  const installation = await worldOf(door).addInstallation();
  const user = await worldOf(door).addUser(installation);
  const app = await worldOf(door).registerApp({ trusted: true });
  const { cookies } = await signedIn(door, worldOf(door), user);
  const token = await newToken(door, app, cookies);
  const users = `/regions/US/installations/${installation.id}/users`;

  const there: number[] = [];
  const statuses = new Set<number>();
  for (let number = 0; !statuses.has(503) && number < 5_000; number++) {
    const { status, body } = await door.admin("POST", users, {
      email: `person${number}@example.com`,
      passwordHash: HASH,
      firstName: "x".repeat(100),
      lastName: "Lee",
      avatar: `https://example.com/${"x".repeat(1_500)}`,
    });
    statuses.add(status);
    if (status === 201) there.push(body.id);
  }
  assert.deepEqual([...statuses].sort(), [201, 503]);
  assert.ok(await isActive(door, token), "checks write nothing");
  await server.stop();
  const startedAt = performance.now();
  ({ server, door } = await open(data));
  const milliseconds = performance.now() - startedAt;
  for (const id of there) assert.equal((await door.admin("GET", `${users}/${id}`)).status, 200);
  assert.ok(await isActive(door, token));
  await addUser(door, users, 10_000);
  await server.stop();
  reportFault({
    fault: "disk full, embedded default",
    promise: "0 acknowledged writes lost; 503 for what cannot be written; checks go on",
    happened: `${there.length} users acknowledged and there; writes go on when there is room again`,
    milliseconds,
    goalMilliseconds: 1_000,
  });
});
