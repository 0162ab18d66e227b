import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database, Statement } from "../database.ts";

/** One row of `change`: something of the directory that every server keeps in memory is different now. */
export interface Change {
  seq: number;
  kind: ChangeKind;
  /** The key of the row: a client id, a scope's name, the id of a credential, an installation or an account, or a budget's key. */
  key: string;
}

export type ChangeKind =
  | "app"
  | "scope"
  | "api-credential"
  | "pepper"
  | "installation-route"
  | "account-route"
  | "budget";

const COUNT = `UPDATE change_counter SET seq = seq + 1 WHERE name = 'change'`;
const RECORD = `INSERT INTO change (seq, kind, keys, at)
  SELECT seq, $1, $2, $3 FROM change_counter WHERE name = 'change'`;
const LATEST = `SELECT seq FROM change_counter WHERE name = 'change'`;
// One row at least, so that who was away for long sees that the changes it missed are gone.
const SINCE = `SELECT n.seq AS latest, c.seq, c.kind, c.keys FROM change_counter n LEFT JOIN change c ON c.seq > $1
  WHERE n.name = 'change' ORDER BY c.seq LIMIT $2`;
const PURGE = `DELETE FROM change WHERE seq IN (SELECT seq FROM change WHERE at < $1 ORDER BY seq LIMIT 500)`;

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

  /** What changed after `seq`, oldest first; `undefined` when some of it is no longer kept. */
  since: async (seq: number, limit: number): Promise<Change[] | undefined> => {
    const rows = await db.read<ChangeRow>(SINCE, [seq, limit]);
    const first = rows[0]?.seq ?? undefined;
    const missing = first === undefined ? (rows[0]?.latest ?? 0) > seq : first > seq + 1;
    if (missing) return undefined;
    return rows.flatMap((row) =>
      row.seq === null ? [] : { seq: row.seq, kind: row.kind, key: JSON.parse(row.keys)[0] },
    );
  },

  /** Tells the other servers of a row that was written before. */
  tell: async (kind: ChangeKind, key: string, at: number): Promise<void> => {
    await db.batch([
      [COUNT, []],
      [RECORD, [kind, JSON.stringify([key]), at]],
    ]);
  },

  /** Removes what is older than `before`; at most 500 in one go. */
  purge: async (before: number) => (await db.batch([[PURGE, [before]]]))[0]?.count ?? 0,
});

interface ChangeRow {
  latest: number;
  /** null: there is none after the one asked for. */
  seq: number | null;
  kind: ChangeKind;
  keys: string;
}
