import { fileURLToPath } from "node:url";
import type { Database } from "./database.ts";
import { migrate, readMigrations } from "./engines/migrate.ts";
import { openSqlite } from "./engines/sqlite.ts";

/** Where a database is; the same shape as the settings'. */
type Address = { engine: "sqlite"; file: string } | { engine: "postgres"; url: string };

export interface OpenOptions {
  /** Instead of the database's own clock, seconds since 1970 UTC. */
  clock?: () => number;
}

/**
 * Opens a database, brings its schema up to date, and hands it over.
 *
 * @param name what an operator calls it: `directory`, or a region's name.
 * @throws {DatabaseUnavailable} when it cannot be reached now.
 */
export async function openDatabase(
  address: Address,
  name: string,
  kind: "directory" | "region",
  options: OpenOptions = {},
): Promise<Database> {
  // Two writers: a long statement must not keep the lock from being renewed.
  const migrator = await open(address, name, { statementMilliseconds: 0, writersMax: 2 });
  try {
    await migrate(migrator, readMigrations(fileURLToPath(new URL(`migrations/${kind}`, import.meta.url))));
  } finally {
    await migrator.close();
  }
  return open(address, name, options);
}

/** The migrator has no limit of time and goes by the true clock, whatever clock is wanted afterwards. */
const open = async (
  address: Address,
  name: string,
  options: OpenOptions & { statementMilliseconds?: number; writersMax?: number },
) =>
  address.engine === "sqlite"
    ? openSqlite(address.file, { name, ...(options.clock && { clock: options.clock }) })
    : (await import("./engines/postgres.ts")).openPostgres(name, address.url, options); // the embedded default does without
