import type { AuditEntry } from "../audit.ts";
import type { Database, Statement } from "../database.ts";
import { writeAndTell } from "./changes.ts";

/** One row of `api_credential`: what a guard shows for introspection and the feed. Times are seconds since 1970 UTC. */
export interface ApiCredential {
  credentialId: string;
  name: string;
  secretHash: string;
  /** The secret's last four characters. */
  hint: string;
  /** The regions it may ask about; empty means all. */
  regions: readonly string[];
  createdAt: number;
  updatedAt: number;
  version: number;
}

type Row = Omit<ApiCredential, "regions"> & { regions: string };

const COLUMNS = `credential_id AS "credentialId", name, secret_hash AS "secretHash", hint, regions,
  created_at AS "createdAt", updated_at AS "updatedAt", version`;
const FIND = `SELECT ${COLUMNS} FROM api_credential WHERE credential_id = $1`;
const PAGE = `SELECT ${COLUMNS} FROM api_credential WHERE credential_id > $1 ORDER BY credential_id LIMIT $2`;
const ISSUE = `INSERT INTO api_credential (credential_id, name, secret_hash, hint, regions, created_at, updated_at, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 1)`;
const CHANGE = `UPDATE api_credential SET name = $2, regions = $3, updated_at = $4, version = version + 1
  WHERE credential_id = $1 AND version = $5`;
const REMOVE = `DELETE FROM api_credential WHERE credential_id = $1`;

const credentialOf = (row: Row): ApiCredential => ({ ...row, regions: JSON.parse(row.regions) });

/** Credentials of the company's own APIs. Every write tells the other servers of it in the same transaction. */
export const apiCredentials = (db: Database) => {
  const tell = (credentialId: string, entry: AuditEntry, write: Statement) =>
    writeAndTell(db, "api-credential", credentialId, entry, write);

  return {
    find: async (credentialId: string): Promise<ApiCredential | undefined> => {
      const [row] = await db.read<Row>(FIND, [credentialId]);
      return row && credentialOf(row);
    },

    page: async (after: string, limit: number): Promise<ApiCredential[]> =>
      (await db.read<Row>(PAGE, [after, limit])).map(credentialOf),

    issue: (credential: ApiCredential, entry: AuditEntry) =>
      tell(credential.credentialId, entry, [
        ISSUE,
        [
          credential.credentialId,
          credential.name,
          credential.secretHash,
          credential.hint,
          JSON.stringify(credential.regions),
          credential.createdAt,
          credential.updatedAt,
        ],
      ]),

    /** False when the row is no longer at `credential.version`. */
    change: ({ credentialId, name, regions, updatedAt, version }: ApiCredential, entry: AuditEntry) =>
      tell(credentialId, entry, [CHANGE, [credentialId, name, JSON.stringify(regions), updatedAt, version]]),

    remove: (credentialId: string, entry: AuditEntry) => tell(credentialId, entry, [REMOVE, [credentialId]]),
  };
};
