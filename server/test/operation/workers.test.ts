import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { startPostgres } from "../support/postgres.ts";
import { optionsOf, portOf, type Started, start, TELLS_OPTIONS } from "../support/server-process.ts";

const postgres = await startPostgres();
after(() => postgres.stop());

/** The processes that have begun to listen, in their order. */
const listeners = (server: Started) =>
  [...server.output().matchAll(/"pid":(\d+),[^\n]*"msg":"listening"/g)].map(([, pid]) => Number(pid));

async function untilListening(server: Started, count: number): Promise<number[]> {
  while (listeners(server).length < count) {
    assert.equal(server.process.exitCode, null, server.output());
    await delay(20);
  }
  return listeners(server);
}

test("on PostgreSQL workers hold more of what is short-lived", { skip: !TELLS_OPTIONS }, async (t) => {
  const server = start(t, { ...(await postgres.newDatabases()), LATCHKEY_WORKERS: "2", LATCHKEY_PORT: "0" });
  for (const pid of await untilListening(server, 2)) {
    const options = optionsOf(pid);
    for (const option of ["--max-semi-space-size=16", "--no-memory-reducer"])
      assert.ok(options.includes(option), option);
  }
  server.process.kill("SIGTERM");
  assert.equal(await server.ended, 0);
});

test("several workers serve one port, one that falls is replaced, and SIGTERM ends them all with status 0", async (t) => {
  const server = start(t, {
    ...(await postgres.newDatabases()),
    LATCHKEY_WORKERS: "2",
    LATCHKEY_PORT: "0",
  });
  const [first = 0, second = 0] = await untilListening(server, 2);
  assert.notEqual(first, second);
  const ready = async () => (await fetch(`http://127.0.0.1:${await portOf(server)}/health/ready`)).status;
  assert.equal(await ready(), 200);

  process.kill(first, "SIGKILL");
  const [, , third] = await untilListening(server, 3);
  assert.ok(third !== first && third !== second);
  assert.equal(await ready(), 200);

  server.process.kill("SIGTERM");
  assert.equal(await server.ended, 0);
});
