/**
 * `npm run bench`: our server beside the floor (floor.ts), in the same run, on the same data, by turns. Counted is what a
 * request costs the server in CPU time; the load runs in a third process. Writes results.md. Needs Linux, and 3 minutes.
 */
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cpuMilliseconds, keep, residentMemory, type Subject, startSubject } from "./children.ts";
import type { Job, JobDone, Operation } from "./load.ts";
import { type Figures, type Row, report } from "./report.ts";
import { makeWorld, type World } from "./world.ts";

/** Until both are compiled as far as they will be. */
const WARM_UP_ROUNDS = 3;
const ROUNDS = 9;
const STARTS = 5;
const MINUTES_MAX = 4;

/** As many of each as take about half a second of CPU time, so that one garbage collection more does not decide. */
const MEASURED: readonly { operation: Operation; name: string; count: number; goal: number; before?: Operation }[] = [
  { operation: "flow", name: "full password flow", count: 48, goal: 0.85 },
  { operation: "exchange", name: "code exchange", count: 2_000, goal: 0.6, before: "code" },
  { operation: "introspect", name: "introspection", count: 5_000, goal: 0.6 },
  { operation: "userinfo", name: "userinfo", count: 5_000, goal: 0.6 },
];

const directory = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
setTimeout(() => {
  console.error(`Not done after ${MINUTES_MAX} minutes.`);
  process.exit(1);
}, MINUTES_MAX * 60_000).unref();

const secret = randomBytes(32).toString("base64");
const adminToken = randomBytes(16).toString("hex");
const load = keep(fork(new URL("load.ts", import.meta.url)));
await main();

async function main(): Promise<void> {
  const text = report(await measure());
  load.kill();
  console.log(text);
  writeFileSync(new URL("results.md", import.meta.url), text);
}

async function measure(): Promise<Figures> {
  const world = await prepare();
  const starts: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const server = await startServer();
    starts.push(server.startMilliseconds);
    await server.stop();
  }

  const [ours, floor] = [await startServer(), await startFloor()];
  await delay(2_000); // what start left behind is collected or settles
  const idle = [residentMemory(ours.pid).now, residentMemory(floor.pid).now] as const;
  const rows = await compare(ours, floor, world);
  const loaded = [residentMemory(ours.pid).peak, residentMemory(floor.pid).peak] as const;
  await Promise.all([ours.stop(), floor.stop()]);
  return { rows, idle, loaded, startMilliseconds: median(starts), rounds: ROUNDS, cores: availableParallelism() };
}

/** Our server makes and fills the databases; the floor gets a copy, and our sign-in page. */
async function prepare(): Promise<World> {
  const server = await startServer();
  const world = await makeWorld(server.port, adminToken);
  await perform({ port: server.port, operation: "consent", count: world.emails.length, world });
  const query = new URLSearchParams({
    client_id: world.clientId,
    redirect_uri: world.redirectUri,
    state: "af0ifjsldkj",
  });
  const page = await (await fetch(`http://127.0.0.1:${server.port}/launchpad/login?${query}`)).text();
  await server.stop();
  cpSync(join(directory, "ours"), join(directory, "floor"), { recursive: true });
  const template = page.replace(/(name="request" value=")[^"]+/g, "$1{request}");
  writeFileSync(join(directory, "floor", "sign-in.html"), template);
  return world;
}

/** Each operation by turns, ours first in one round and last in the next. */
async function compare(ours: Subject, floor: Subject, world: World): Promise<Row[]> {
  const ratios = new Map<Operation, number[]>();
  for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round++)
    for (const { operation, count, before } of MEASURED) {
      const cost = new Map<Subject, number>();
      for (const { port, pid, ...subject } of round % 2 === 0 ? [ours, floor] : [floor, ours]) {
        if (before) await perform({ port, operation: before, count, world });
        await delay(100); // what the last job left to do must not count here
        const used = cpuMilliseconds(pid);
        await perform({ port, operation, count, world });
        cost.set(subject.name === ours.name ? ours : floor, cpuMilliseconds(pid) - used);
      }
      const [our = 0, least = 0] = [cost.get(ours), cost.get(floor)];
      const us = (milliseconds: number) => `${Math.round((milliseconds / count) * 1e3)} us`;
      console.log(
        round < 1 ? "warm-up" : `${round}/${ROUNDS}`,
        operation,
        us(our),
        us(least),
        (least / our).toFixed(2),
      );
      if (round > 0) ratios.set(operation, [...(ratios.get(operation) ?? []), least / our]);
    }
  return MEASURED.map(({ operation, name, goal }) => {
    const all = ratios.get(operation) ?? [];
    return { name, goal, ratio: median(all), lowest: Math.min(...all), highest: Math.max(...all) };
  });
}

function perform(job: Job): Promise<void> {
  load.send(job);
  return new Promise((resolve, reject) => {
    load.once("message", ({ failure }: JobDone) => (failure === undefined ? resolve() : reject(new Error(failure))));
  });
}

function startServer(): Promise<Subject> {
  return startSubject(
    "our server",
    "start.mjs",
    (port) => ({
      LATCHKEY_PORT: String(port),
      LATCHKEY_DATA: join(directory, "ours"),
      LATCHKEY_SECRET: secret,
      LATCHKEY_ADMIN_TOKEN: adminToken,
      LATCHKEY_LIMITS: "off",
      LATCHKEY_DEMO: "off",
    }),
    join(directory, "ours.log"),
  );
}

function startFloor(): Promise<Subject> {
  return startSubject(
    "floor",
    "bench/floor.ts",
    (port) => ({ FLOOR_PORT: String(port), FLOOR_DATA: join(directory, "floor"), FLOOR_SECRET: secret }),
    join(directory, "floor.log"),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
