import type { Database, Statement } from "./database.ts";

/** One row of `audit`: who did what to which thing. `detail` names fields and ids, never a secret; in the directory nothing personal. */
export interface AuditEntry {
  auditId: string;
  /** Seconds since 1970 UTC. */
  at: number;
  actor: string;
  action: string;
  target: string;
  detail: Readonly<Record<string, unknown>>;
}

/** Where a page of the log begins: after this entry. */
export interface AuditPosition {
  at: number;
  auditId: string;
}

const RECORD = `INSERT INTO audit (audit_id, at, actor, action, target, detail) VALUES ($1, $2, $3, $4, $5, $6)`;
const PAGE = `SELECT audit_id AS "auditId", at, actor, action, target, detail FROM audit
  WHERE at > $1 OR (at = $1 AND audit_id > $2) ORDER BY at, audit_id LIMIT $3`;

const PAGE_BEFORE = `SELECT audit_id AS "auditId", at, actor, action, target, detail FROM audit
  WHERE at < $1 OR (at = $1 AND audit_id < $2) ORDER BY at DESC, audit_id DESC LIMIT $3`;

type Row = Omit<AuditEntry, "detail"> & { detail: string };
const entryOf = (row: Row): AuditEntry => ({ ...row, detail: JSON.parse(row.detail) });

const parameters = (entry: AuditEntry) => [
  entry.auditId,
  entry.at,
  entry.actor,
  entry.action,
  entry.target,
  JSON.stringify(entry.detail),
];

/** To be run with the write it tells of, in one batch or transaction. */
export const auditStatement = (entry: AuditEntry): Statement => [RECORD, parameters(entry)];

/** The log of one database; the directory and every region have a table of the same shape. */
export const audit = (db: Database) => ({
  /** For what has its effect in another database. */
  record: async (entry: AuditEntry): Promise<void> => {
    await db.batch([auditStatement(entry)]);
  },

  /** The oldest first. */
  page: async (after: AuditPosition, limit: number): Promise<AuditEntry[]> =>
    (await db.read<Row>(PAGE, [after.at, after.auditId, limit])).map(entryOf),

  /** The latest first. */
  pageBefore: async (before: AuditPosition, limit: number): Promise<AuditEntry[]> =>
    (await db.read<Row>(PAGE_BEFORE, [before.at, before.auditId, limit])).map(entryOf),
});
