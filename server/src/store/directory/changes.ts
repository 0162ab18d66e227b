import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database, Statement } from "../database.ts";

/** One row of `change`: something of the directory that every server keeps in memory is different now. */
export interface Change {
  seq: number;
  kind: ChangeKind;
  /** The key of the row: a client id, a scope's name, the id of a credential, an installation or an account. */
  key: string;
}

export type ChangeKind = "app" | "scope" | "api-credential" | "pepper" | "installation-route" | "account-route";

const COUNT = `UPDATE change_counter SET seq = seq + 1 WHERE name = 'change'`;
const RECORD = `INSERT INTO change (seq, kind, keys, at)
  SELECT seq, $1, $2, $3 FROM change_counter WHERE name = 'change'`;
const LATEST = `SELECT seq FROM change_counter WHERE name = 'change'`;
const SINCE = `SELECT seq, kind, keys FROM change WHERE seq > $1 ORDER BY seq LIMIT $2`;

/**
 * Runs `write` and, if it hit a row, `more`, the change that tells the other servers, and the audit entry, all in one
 * transaction; answers whether it hit one.
 *
 * The counter row stays locked until the commit, so numbers become visible in their order, and who has read up to `n`
 * has missed nothing below it.
 */
export const writeAndTell = (
  db: Database,
  kind: ChangeKind,
  key: string,
  entry: AuditEntry,
  write: Statement,
  more: readonly Statement[] = [],
): Promise<boolean> =>
  db.transaction(async (tx) => {
    const { count } = await tx.run(...write);
    if (count === 0) return false;
    for (const [sql, params] of more) await tx.run(sql, params);
    await tx.run(COUNT, []);
    await tx.run(RECORD, [kind, JSON.stringify([key]), entry.at]);
    await tx.run(...auditStatement(entry));
    return true;
  });

export const changes = (db: Database) => ({
  /** The number of the last change, 0 before the first. */
  latest: async (): Promise<number> => (await db.read<{ seq: number }>(LATEST, []))[0]?.seq ?? 0,

  /** What changed after `seq`, oldest first. */
  since: async (seq: number, limit: number): Promise<Change[]> => {
    const rows = await db.read<{ seq: number; kind: ChangeKind; keys: string }>(SINCE, [seq, limit]);
    return rows.map((row) => ({ seq: row.seq, kind: row.kind, key: JSON.parse(row.keys)[0] }));
  },
});
