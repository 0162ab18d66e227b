import type { Database } from "../database.ts";

/** Everything the directory keeps, one noun per file. */
export const directoryStore = (db: Database) => ({
  db,
  /** Resolves when the database answers at all. */
  ping: () => db.read("SELECT 1 AS one", []),
});

export type DirectoryStore = ReturnType<typeof directoryStore>;
