import { audit } from "../audit.ts";
import { budgets } from "../budgets.ts";
import type { Database } from "../database.ts";
import { apiCredentials } from "./api-credentials.ts";
import { apps } from "./apps.ts";
import { changes } from "./changes.ts";
import { ids } from "./ids.ts";
import { moves } from "./moves.ts";
import { peppers } from "./peppers.ts";
import { regions } from "./regions.ts";
import { routes } from "./routes.ts";
import { scopes } from "./scopes.ts";
import { signIns } from "./sign-ins.ts";
import { signingKeys } from "./signing-keys.ts";
import { teams } from "./teams.ts";
import { unseenTokens } from "./unseen-tokens.ts";

const PING = `SELECT 1 AS one`;

/** Everything the directory keeps, one noun per file. */
export const directoryStore = (db: Database) => ({
  db,
  budgets: budgets(db),
  signIns: signIns(db),
  signingKeys: signingKeys(db),
  peppers: peppers(db),
  /** Resolves when the database answers at all. */
  ping: () => db.read(PING, []),
  apps: apps(db),
  apiCredentials: apiCredentials(db),
  scopes: scopes(db),
  routes: routes(db),
  ids: ids(db),
  moves: moves(db),
  regions: regions(db),
  audit: audit(db),
  changes: changes(db),
  teams: teams(db),
  unseenTokens: unseenTokens(db),
});

export type DirectoryStore = ReturnType<typeof directoryStore>;
