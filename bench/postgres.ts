import { availableParallelism } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../server/test/support/postgres.ts";
import { startSubject } from "./children.ts";
import { reportPostgres } from "./report.ts";
import { adminToken, compare, directory, type Measurement, perform, startServer } from "./stage.ts";
import { makeWorld } from "./world.ts";

const EXCHANGE = { operation: "exchange", name: "code exchange", count: 2_000, before: "code" } as const;
const BESIDE_PG: readonly Measurement[] = [
  { ...EXCHANGE, goal: 0.6 },
  { operation: "introspect", name: "introspection", count: 5_000, goal: 0.6 },
];
const TWO_WORKERS: readonly Measurement[] = [
  { operation: "flow", name: "full password flow", count: 24, goal: 0.9 },
  { ...EXCHANGE, goal: 0.9 },
];

/** Of the driver alone, for what two processes on these cores lose whoever they are. */
const TWO_OF_PG: readonly Measurement[] = [EXCHANGE];

const ROUNDS = 9;
/**
 * Until servers are compiled as far as they will be. That takes tens of thousands of requests a process, and each of two workers
 * sees half of them: measured sooner, they are compared with a server that makes the codes as well and is long warm.
 */
const WARM_UP_ROUNDS = 30;

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
    );
  const floor = await startFloor("bench/floor-postgres.ts");
  const terms = { maker: one, rounds: ROUNDS, warmUpRounds: WARM_UP_ROUNDS };
  const besidePg = await compare([one, floor], world, BESIDE_PG, terms);

  const two = await startServer({ ...settings, LATCHKEY_WORKERS: "2" });
  const twoWorkers = await compare([two, one], world, TWO_WORKERS, terms);
  await two.stop();

  const twoFloors = await startFloor("bench/floor-workers.ts");
  const twoOfPg = await compare([twoFloors, floor], world, TWO_OF_PG, terms);
  await Promise.all([one, floor, twoFloors].map((subject) => subject.stop()));
  await postgres.stop();
  return reportPostgres({ besidePg, twoWorkers, twoOfPg, rounds: ROUNDS, cores: availableParallelism() });
}
