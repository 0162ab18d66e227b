import type { Database } from "../database.ts";

/** Everything the directory keeps, one noun per file. */
export const directoryStore = (db: Database) => ({
  db,
});

export type DirectoryStore = ReturnType<typeof directoryStore>;
