import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database, Statement } from "../database.ts";
import { accountStays } from "./moving.ts";

const FIND = `SELECT account_id AS "accountId" FROM operator WHERE account_id = $1`;
const LIST = `SELECT o.created_at AS "createdAt", a.email FROM operator o JOIN account a ON a.account_id = o.account_id
  ORDER BY o.account_id LIMIT 500`;
// Only with its account, and not while that is leaving: what is added to rows that are being copied stays behind.
const ADD = `INSERT INTO operator (account_id, created_at) SELECT a.account_id, $2 FROM account a
  WHERE a.account_id = $1 AND ${accountStays("$1")} ON CONFLICT DO NOTHING`;
const REMOVE = `DELETE FROM operator WHERE account_id = $1 AND ${accountStays("$1")}`;

/** Accounts of this region that may use the operator's pages. */
export const operators = (db: Database) => {
  const changed = ([sql, params]: Statement, entry: AuditEntry): Promise<boolean> =>
    db.transaction(async (tx) => {
      const { count } = await tx.run(sql, params);
      if (count === 1) await tx.run(...auditStatement(entry));
      return count === 1;
    });

  return {
    isOne: async (accountId: string): Promise<boolean> => (await db.read(FIND, [accountId])).length > 0,

    list: (): Promise<{ email: string; createdAt: number }[]> => db.read(LIST, []),

    /** False when it was one already, or is not at home here, or on the move. */
    add: (accountId: string, at: number, entry: AuditEntry): Promise<boolean> => changed([ADD, [accountId, at]], entry),

    /** False when it was none, or its account is on the move. */
    remove: (accountId: string, entry: AuditEntry): Promise<boolean> => changed([REMOVE, [accountId]], entry),
  };
};
