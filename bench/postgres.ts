import { availableParallelism } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../server/test/support/postgres.ts";
import { optionsOf } from "../server/test/support/server-process.ts";
import { type Subject, startSubject } from "./children.ts";
import { reportPostgres, type TwoProcesses } from "./report.ts";
import { adminToken, compare, directory, type Measurement, perform, rowsOf, startServer } from "./stage.ts";
import { makeWorld, type World } from "./world.ts";

const EXCHANGE = { operation: "exchange", name: "code exchange", count: 2_000, before: "code" } as const;
const BESIDE_PG: readonly Measurement[] = [
  { ...EXCHANGE, goal: 0.6 },
  { operation: "introspect", name: "introspection", count: 5_000, goal: 0.6 },
];
/** Twice as many: what neighbours on the machine do hurts two processes more than one. */
const TWO_WORKERS: readonly Measurement[] = [
  { operation: "flow", name: "full password flow", count: 48, goal: 0.9 },
  { ...EXCHANGE, count: 4_000, goal: 0.9 },
];
/** Of the driver alone, for what two processes lose whoever they are. */
const TWO_OF_PG: readonly Measurement[] = [{ ...EXCHANGE, count: 4_000, name: "code exchange, the driver alone" }];

const ROUNDS = 15;
/**
 * Until servers are compiled as far as they will be. That takes tens of thousands of requests a process, and each of two workers
 * sees half of them: measured sooner, they are compared with a server that makes the codes as well and is long warm.
 */
const WARM_UP_ROUNDS = 20;

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
  const terms = { maker: one, rounds: ROUNDS, warmUpRounds: WARM_UP_ROUNDS };
  const besidePg = rowsOf(BESIDE_PG, await compare([one, floor], world, BESIDE_PG, terms));

  const two = await startServer({ ...settings, LATCHKEY_WORKERS: "2" });
  const twoWorkers = await measureTwo(two, one, world, TWO_WORKERS);
  await two.stop();

  const twoFloors = await startFloor("bench/floor-workers.ts");
  const twoOfPg = await measureTwo(twoFloors, floor, world, TWO_OF_PG, one);
  await Promise.all([one, floor, twoFloors].map((subject) => subject.stop()));
  await postgres.stop();
  return reportPostgres({ besidePg, twoWorkers, twoOfPg, rounds: ROUNDS, cores: availableParallelism() });
}

/** Two processes beside one: with a core for each of them, and with all cores for either. */
async function measureTwo(
  two: Subject,
  one: Subject,
  world: World,
  measured: readonly Measurement[],
  maker = one,
): Promise<TwoProcesses> {
  const terms = { maker, rounds: ROUNDS };
  const onAllCores = await compare([two, one], world, measured, { ...terms, warmUpRounds: WARM_UP_ROUNDS });
  const coresOf = (subject: Subject) => (subject === two ? 2 : 1);
  const oneCoreEach = await compare([two, one], world, measured, { ...terms, warmUpRounds: 1, coresOf });
  return { oneCoreEach: rowsOf(measured, oneCoreEach), onAllCores: rowsOf(measured, onAllCores) };
}
