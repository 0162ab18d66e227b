import type { AuditEntry } from "../audit.ts";
import type { Database, Statement } from "../database.ts";
import { writeAndTell } from "./changes.ts";

/** One row of `scope`: what apps may ask for, in the words the consent page shows. Times are seconds since 1970 UTC. */
export interface Scope {
  name: string;
  description: string;
  createdAt: number;
  updatedAt: number;
  version: number;
}

const COLUMNS = `name, description, created_at AS "createdAt", updated_at AS "updatedAt", version`;
const FIND = `SELECT ${COLUMNS} FROM scope WHERE name = $1`;
const PAGE = `SELECT ${COLUMNS} FROM scope WHERE name > $1 ORDER BY name LIMIT $2`;
const ADD = `INSERT INTO scope (name, description, created_at, updated_at, version) VALUES ($1, $2, $3, $4, 1)
  ON CONFLICT DO NOTHING`;
const CHANGE = `UPDATE scope SET description = $2, updated_at = $3, version = version + 1 WHERE name = $1 AND version = $4`;
const REMOVE = `DELETE FROM scope WHERE name = $1`;

/** Scopes. Every write tells the other servers of it in the same transaction. */
export const scopes = (db: Database) => {
  const tell = (name: string, entry: AuditEntry, write: Statement) => writeAndTell(db, "scope", name, entry, write);

  return {
    find: async (name: string): Promise<Scope | undefined> => (await db.read<Scope>(FIND, [name]))[0],
    page: (after: string, limit: number) => db.read<Scope>(PAGE, [after, limit]),

    /** False when there is one of that name. */
    add: (scope: Scope, entry: AuditEntry) =>
      tell(scope.name, entry, [ADD, [scope.name, scope.description, scope.createdAt, scope.updatedAt]]),

    /** False when the row is no longer at `scope.version`. */
    change: ({ name, description, updatedAt, version }: Scope, entry: AuditEntry) =>
      tell(name, entry, [CHANGE, [name, description, updatedAt, version]]),

    remove: (name: string, entry: AuditEntry) => tell(name, entry, [REMOVE, [name]]),
  };
};
