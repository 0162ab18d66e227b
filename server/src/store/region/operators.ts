import type { Database } from "../database.ts";

const FIND = `SELECT account_id AS "accountId" FROM operator WHERE account_id = $1`;
const ADD = `INSERT INTO operator (account_id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
const REMOVE = `DELETE FROM operator WHERE account_id = $1`;

/** Accounts of this region that may use the operator's pages. */
export const operators = (db: Database) => ({
  isOne: async (accountId: string): Promise<boolean> => (await db.read(FIND, [accountId])).length > 0,

  /** False when it was one already. */
  add: async (accountId: string, at: number): Promise<boolean> =>
    (await db.batch([[ADD, [accountId, at]]]))[0]?.count === 1,

  /** False when it was none. */
  remove: async (accountId: string): Promise<boolean> => (await db.batch([[REMOVE, [accountId]]]))[0]?.count === 1,
});
