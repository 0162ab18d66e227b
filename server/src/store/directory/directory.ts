import { audit } from "../audit.ts";
import type { Database } from "../database.ts";
import { apiCredentials } from "./api-credentials.ts";
import { apps } from "./apps.ts";
import { changes } from "./changes.ts";
import { ids } from "./ids.ts";
import { regions } from "./regions.ts";
import { routes } from "./routes.ts";
import { scopes } from "./scopes.ts";

/** Everything the directory keeps, one noun per file. */
export const directoryStore = (db: Database) => ({
  db,
  /** Resolves when the database answers at all. */
  ping: () => db.read("SELECT 1 AS one", []),
  apps: apps(db),
  apiCredentials: apiCredentials(db),
  scopes: scopes(db),
  routes: routes(db),
  ids: ids(db),
  regions: regions(db),
  audit: audit(db),
  changes: changes(db),
});

export type DirectoryStore = ReturnType<typeof directoryStore>;
