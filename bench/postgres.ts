import { availableParallelism } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../server/test/support/postgres.ts";
import { optionsOf } from "../server/test/support/server-process.ts";
import { startSubject } from "./children.ts";
import { reportPostgres } from "./report.ts";
import { adminToken, compare, directory, type Measurement, perform, rowsOf, startServer } from "./stage.ts";
import { measureTwo, type ScalingMeasurement } from "./workers.ts";
import { makeWorld } from "./world.ts";

const EXCHANGE = { operation: "exchange", name: "code exchange", count: 2_000, before: "code" } as const;
const BESIDE_PG: readonly Measurement[] = [
  { ...EXCHANGE, goal: 0.6 },
  { operation: "introspect", name: "introspection", count: 5_000, goal: 0.6 },
];
const TWO_WORKERS: readonly ScalingMeasurement[] = [
  { operation: "flow", name: "full password flow", count: 12, goal: 0.9 },
  { ...EXCHANGE, count: 1_000, goal: 0.9 },
  { ...EXCHANGE, sharedLoad: true, count: 1_000, name: "code exchange, half as many at a time for each" },
];
/** Of the driver alone, for what two processes lose whoever they are. */
const TWO_OF_PG: readonly ScalingMeasurement[] = [
  { ...EXCHANGE, count: 1_000, name: "the driver alone: code exchange" },
  { ...EXCHANGE, sharedLoad: true, count: 1_000, name: "the driver alone: half as many at a time for each" },
];

const ROUNDS = 15;
/** Until servers are compiled as far as they will be: that takes tens of thousands of requests. */
const WARM_UP_ROUNDS = 20;
const PAIRS = 2;
const PAIR_ROUNDS = 6;

/** Our server on PostgreSQL beside the driver alone (floor-postgres.ts), and two workers beside one. */
export async function measurePostgres(): Promise<string> {
  const postgres = await startPostgres();
  const [entries = "", us = ""] = [await postgres.createDatabase(), await postgres.createDatabase()];
  const settings = { LATCHKEY_DIRECTORY: entries, LATCHKEY_REGIONS: `US=${us}` };
  const one = await startServer(settings);
  const world = await makeWorld(one.port, adminToken);
  await perform({ port: one.port, operation: "consent", count: world.emails.length, world });
  await perform({ port: one.port, operation: "flow", count: world.emails.length, world });

  const startFloor = (script: string) =>
    startSubject(
      "pg",
      script,
      (port) => ({ FLOOR_PORT: String(port), FLOOR_DIRECTORY: entries, FLOOR_REGION: us }),
      join(directory, "floor.log"),
      optionsOf(one.pid),
    );
  const floor = await startFloor("bench/floor-postgres.ts");
  const besideFloor = { maker: one, rounds: ROUNDS, warmUpRounds: WARM_UP_ROUNDS };
  const besidePg = rowsOf(BESIDE_PG, await compare([one, floor], world, BESIDE_PG, besideFloor));
  await floor.stop();

  const terms = { maker: one, world, rounds: PAIR_ROUNDS };
  const startWorkers = (processes: number) => startServer({ ...settings, LATCHKEY_WORKERS: String(processes) });
  const twoWorkers = await measureTwo({ ...terms, start: startWorkers, pairs: PAIRS }, TWO_WORKERS);
  const startFloors = (processes: number) =>
    startFloor(processes === 1 ? "bench/floor-postgres.ts" : "bench/floor-workers.ts");
  const twoOfPg = await measureTwo({ ...terms, start: startFloors, pairs: 1 }, TWO_OF_PG);
  await one.stop();
  await postgres.stop();
  return reportPostgres({
    besidePg,
    twoWorkers,
    twoOfPg,
    rounds: ROUNDS,
    pairs: PAIRS,
    pairRounds: PAIR_ROUNDS,
    cores: availableParallelism(),
  });
}
