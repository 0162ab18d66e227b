import type { Database } from "../database.ts";

/** Everything a region keeps, one noun per file. */
export const regionStore = (db: Database) => ({
  db,
});

export type RegionStore = ReturnType<typeof regionStore>;
