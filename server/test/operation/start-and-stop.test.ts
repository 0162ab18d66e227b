import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, get } from "node:http";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { optionsOf, portOf, start, TELLS_OPTIONS } from "../support/server-process.ts";

/** `undefined` when nobody answers. */
const status = (port: number, agent?: Agent) =>
  new Promise<number | undefined>((resolve) => {
    get({ port, host: "127.0.0.1", path: "/health/live", ...(agent && { agent }) }, (response) =>
      response.resume().on("end", () => resolve(response.statusCode)),
    ).on("error", () => resolve(undefined));
  });

test("SIGTERM ends a server with status 0, although a client keeps its connection", async (t) => {
  const server = start(t, {});
  const port = await portOf(server);
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  assert.equal(await status(port, agent), 200);
  assert.match(server.output(), /Latchkey is running/);
  server.process.kill("SIGTERM");
  assert.equal(await server.ended, 0);
  assert.equal(await status(port), undefined);
});

test("SIGTERM lets a request that is under way finish, and takes no other", async (t) => {
  const server = start(t, {});
  const port = await portOf(server);
  const socket = connect(port, "127.0.0.1");
  t.after(() => socket.destroy());
  let answer = "";
  socket.setEncoding("utf8").on("data", (text) => (answer += text));
  socket.write("POST /launchpad/v1/token.json HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
  socket.write("Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  while (!answer.includes("100 Continue")) await delay(5); // the server has read the head, and waits for the body
  server.process.kill("SIGTERM");
  while (!server.output().includes('"stopping"')) await delay(5);
  assert.equal(await status(port), undefined);
  socket.write("{}");
  assert.equal(await server.ended, 0);
  assert.match(answer, /HTTP\/1\.1 401 .*invalid_client/s);
});

test("SIGTERM to `npm start` ends the server with it, with status 0", async (t) => {
  const server = start(t, {}, ["npm", "start"]);
  const port = await portOf(server);
  assert.equal(await status(port), 200);
  server.process.kill("SIGTERM");
  assert.equal(await server.ended, 0);
  assert.equal(await status(port), undefined);
});

test("whoever starts a server, it runs with the options of V8 it is tuned with; what the operator gives stays", {
  skip: !TELLS_OPTIONS,
}, async (t) => {
  const startedWith = async (...given: string[]) => {
    const server = start(t, {}, [process.execPath, ...given, "start.mjs"]);
    await portOf(server);
    return optionsOf(server.process.pid);
  };
  const [size, ...others] = await startedWith();
  assert.equal(size, "--max-semi-space-size=4");
  assert.ok(others.includes("--expose-gc"));
  assert.deepEqual(await startedWith("--max_semi_space_size=8"), ["--max_semi_space_size=8", ...others]);
  assert.ok(!(await startedWith("--parallel-scavenge")).includes("--no-parallel-scavenge"));
});

test("SIGTERM ends a server whose log nobody reads any more", async (t) => {
  const server = start(t, {});
  const port = await portOf(server);
  server.process.stdout?.destroy();
  assert.equal(await status(port), 200);
  server.process.kill("SIGTERM");
  assert.equal(await server.ended, 0);
});

test("a second signal does not wait", async (t) => {
  const server = start(t, {});
  const socket = connect(await portOf(server), "127.0.0.1");
  t.after(() => socket.destroy());
  socket
    .on("error", () => {})
    .write("POST /launchpad/v1/token.json HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
  await once(socket, "data");
  server.process.kill("SIGTERM");
  while (!server.output().includes('"stopping"')) await delay(5);
  server.process.kill("SIGINT");
  assert.equal(await server.ended, 1);
});

test("a port that is taken is told in one sentence, status 2", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  t.after(() => other.close());
  const { port } = other.address() as { port: number };
  const server = start(t, { LATCHKEY_PORT: String(port) });
  assert.equal(await server.ended, 2);
  assert.match(server.output(), new RegExp(`^Port ${port} on 127.0.0.1 is taken: .*\n$`));
});

test("a second server on the same data is told in one sentence, status 2", async (t) => {
  const data = mkdtempSync(join(tmpdir(), "latchkey-shared-"));
  const first = start(t, { LATCHKEY_DATA: data });
  t.after(() => rmSync(data, { recursive: true, force: true })); // once the server is gone
  await portOf(first);
  const second = start(t, { LATCHKEY_DATA: data });
  assert.equal(await second.ended, 2);
  assert.match(second.output(), /^Another Latchkey server is running on .*\n$/);
});

test("wrong settings are all told, without a stack and without a value, status 2", async (t) => {
  const server = start(t, { LATCHKEY_PORT: "hunter2", LATCHKEY_URL: "hunter2", LATCHKEY_SECRET: "hunter2" });
  assert.equal(await server.ended, 2);
  assert.match(server.output(), /LATCHKEY_PORT.*LATCHKEY_URL.*LATCHKEY_SECRET/s);
  assert.doesNotMatch(server.output(), /hunter2|\n +at /);
});

test("a server starts while a region is down, and answers for the others", async (t) => {
  const server = start(t, { LATCHKEY_REGIONS: "US,EU=postgres://nobody@127.0.0.1:1/eu" });
  const port = await portOf(server);
  const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
  assert.equal(ready.status, 200);
  assert.deepEqual((await ready.json()).regions, [
    { name: "US", state: "up" },
    { name: "EU", state: "down" },
  ]);
});

test("a directory that cannot be reached is told in one sentence, status 1", async (t) => {
  const server = start(t, { LATCHKEY_DIRECTORY: "postgres://nobody:hunter2@127.0.0.1:1/directory" });
  assert.equal(await server.ended, 1);
  assert.match(server.output(), /^The database directory is unavailable.*\n$/);
  assert.doesNotMatch(server.output(), /hunter2/);
});
