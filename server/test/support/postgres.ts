import { randomUUID } from "node:crypto";
import pg from "pg";
import { startPostgresServer } from "../lab/postgres.ts";

/** A real PostgreSQL server on a loopback port of its own. */
export interface TestPostgres {
  url(database: string): string;
  /** Makes an empty database and answers with its address. */
  createDatabase(): Promise<string>;
  /** Makes those of a directory and two regions, and answers with the settings that name them. */
  newDatabases(): Promise<{ LATCHKEY_DIRECTORY: string; LATCHKEY_REGIONS: string }>;
  /** Ends the server; one that another process started is left alone. */
  stop(): Promise<void>;
}

/**
 * Uses the server at `LATCHKEY_TEST_POSTGRES` (`postgres://user@host:port`) when that is set, else starts one. Its rows
 * need not outlive the test, so nothing waits for the disk.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const shared = process.env.LATCHKEY_TEST_POSTGRES;
  if (shared) return testPostgres({ url: (database) => `${shared}/${database}`, stop: async () => {} });
  return testPostgres(await startPostgresServer());
}

function testPostgres({ url, stop }: Pick<TestPostgres, "url" | "stop">): TestPostgres {
  async function createDatabase() {
    const name = `test_${randomUUID().replaceAll("-", "")}`;
    const client = new pg.Client({ connectionString: url("postgres") });
    await client.connect();
    try {
      await client.query(`CREATE DATABASE ${name}`);
    } finally {
      await client.end();
    }
    return url(name);
  }
  async function newDatabases() {
    const [directory = "", us, eu] = await Promise.all([1, 2, 3].map(createDatabase));
    return { LATCHKEY_DIRECTORY: directory, LATCHKEY_REGIONS: `US=${us},EU=${eu}` };
  }
  return { url, createDatabase, newDatabases, stop };
}
