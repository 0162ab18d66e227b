import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "../../src/store/database.ts";
import { openPostgres } from "../../src/store/engines/postgres.ts";
import { openSqlite } from "../../src/store/engines/sqlite.ts";
import { startPostgres } from "./postgres.ts";

export type Address = { engine: "sqlite"; file: string } | { engine: "postgres"; url: string };

export interface Engine {
  name: "sqlite" | "postgres";
  /** Where a new, empty database is. */
  newAddress(): Promise<Address>;
}

/** Both engines for real, until `stop`. */
export async function startEngines() {
  const directory = mkdtempSync(join(tmpdir(), "latchkey-sqlite-"));
  const postgres = await startPostgres();
  let files = 0;
  const all: readonly Engine[] = [
    { name: "sqlite", newAddress: async () => ({ engine: "sqlite", file: join(directory, `${++files}.db`) }) },
    { name: "postgres", newAddress: async () => ({ engine: "postgres", url: await postgres.createDatabase() }) },
  ];
  return {
    all,
    async stop() {
      await postgres.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Opens without migrating. */
export const openEngine = (address: Address, clock?: () => number): Promise<Database> =>
  address.engine === "sqlite"
    ? openSqlite(address.file, { name: "test", ...(clock && { clock }) })
    : openPostgres("test", address.url, clock ? { clock } : {});
