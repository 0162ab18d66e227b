import type { Database } from "../database.ts";
import { links } from "./links.ts";
import { mails } from "./mails.ts";

/** Everything a region keeps, one noun per file. */
export const regionStore = (db: Database) => ({
  db,
  /** Resolves when the database answers at all. */
  ping: () => db.read("SELECT 1 AS one", []),
  links: links(db),
  mails: mails(db),
});

export type RegionStore = ReturnType<typeof regionStore>;
