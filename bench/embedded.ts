import { cpSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { residentMemory, type Subject, startSubject } from "./children.ts";
import { report } from "./report.ts";
import {
  adminToken,
  compare,
  directory,
  type Measurement,
  median,
  perform,
  rowsOf,
  secret,
  startServer,
} from "./stage.ts";
import { makeWorld, type World } from "./world.ts";

const STARTS = 5;
/** Of two processes of one program the one that V8 compiled luckier can be a quarter quicker, for as long as they live. */
const PAIRS = 3;
/** Warmed up by rounds as those that count, pauses included: without them V8 would keep room that no server needs whose users come and go. */
const WARM_UP_ROUNDS = 6;
const ROUNDS = 7;

/** As many of each as take about half a second of CPU time, so that one garbage collection more does not decide. */
const MEASURED: readonly Measurement[] = [
  { operation: "flow", name: "full password flow", count: 48, goal: 0.85 },
  { operation: "exchange", name: "code exchange", count: 2_000, goal: 0.6, before: "code" },
  { operation: "introspect", name: "introspection", count: 5_000, goal: 0.6 },
  { operation: "userinfo", name: "userinfo", count: 5_000, goal: 0.6 },
];

/** Our server on embedded databases beside the floor (floor.ts). */
export async function measureEmbedded(): Promise<string> {
  const world = await prepare();
  const starts: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const server = await startServer();
    starts.push(server.startMilliseconds);
    await server.stop();
  }

  const pairs: Awaited<ReturnType<typeof measurePair>>[] = [];
  for (let pair = 0; pair < PAIRS; pair++) pairs.push(await measurePair(world));
  const highest = (of: (pair: (typeof pairs)[number]) => readonly [number, number]) =>
    [Math.max(...pairs.map((pair) => of(pair)[0])), Math.max(...pairs.map((pair) => of(pair)[1]))] as const;
  return report({
    rows: rowsOf(MEASURED, ...pairs.map(({ ratios }) => ratios)),
    idle: highest(({ idle }) => idle),
    loaded: highest(({ loaded }) => loaded),
    startMilliseconds: median(starts),
    pairs: PAIRS,
    rounds: ROUNDS,
    cores: availableParallelism(),
  });
}

/** A process of each, from start to end. */
async function measurePair(world: World) {
  const [ours, floor] = [await startServer(), await startFloor()];
  await delay(2_000); // what start left behind is collected or settles
  const idle = [residentMemory(ours.pid).now, residentMemory(floor.pid).now] as const;
  await compare([ours, floor], world, MEASURED, { rounds: WARM_UP_ROUNDS });
  const ratios = await compare([ours, floor], world, MEASURED, { rounds: ROUNDS });
  const loaded = [residentMemory(ours.pid).peak, residentMemory(floor.pid).peak] as const;
  await Promise.all([ours.stop(), floor.stop()]);
  return { ratios, idle, loaded };
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

function startFloor(): Promise<Subject> {
  return startSubject(
    "floor",
    "bench/floor.ts",
    (port) => ({ FLOOR_PORT: String(port), FLOOR_DATA: join(directory, "floor"), FLOOR_SECRET: secret }),
    join(directory, "floor.log"),
  );
}
