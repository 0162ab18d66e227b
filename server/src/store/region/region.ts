import { audit } from "../audit.ts";
import type { Database } from "../database.ts";
import { accounts } from "./accounts.ts";
import { companies } from "./companies.ts";
import { installations } from "./installations.ts";
import { links } from "./links.ts";
import { mails } from "./mails.ts";
import { users } from "./users.ts";

/** Everything a region keeps, one noun per file. */
export const regionStore = (db: Database) => ({
  db,
  /** Resolves when the database answers at all. */
  ping: () => db.read("SELECT 1 AS one", []),
  accounts: accounts(db),
  installations: installations(db),
  users: users(db),
  companies: companies(db),
  audit: audit(db),
  links: links(db),
  mails: mails(db),
});

export type RegionStore = ReturnType<typeof regionStore>;
