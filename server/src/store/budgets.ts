import type { Database, Statement } from "./database.ts";

/** Failures counted in a window that begins with the first of them. The same table stands in the directory and in each region. */
export interface BudgetRecord {
  windowStartedAt: number;
  failures: number;
}

const COUNT = `INSERT INTO budget (budget_key, window_started_at, failures) VALUES ($1, $2, 1)
  ON CONFLICT (budget_key) DO UPDATE SET
    failures = CASE WHEN budget.window_started_at > $3 THEN budget.failures + 1 ELSE 1 END,
    window_started_at = CASE WHEN budget.window_started_at > $3 THEN budget.window_started_at ELSE $2 END
  RETURNING window_started_at AS "windowStartedAt", failures`;
const FIND = `SELECT window_started_at AS "windowStartedAt", failures FROM budget WHERE budget_key = $1`;
const PURGE = `DELETE FROM budget WHERE budget_key IN (SELECT budget_key FROM budget
  WHERE window_started_at < $1 AND (window_started_at < $2 OR budget_key NOT LIKE $3) LIMIT 500)`;

export const budgets = (db: Database) => ({
  /** Counts one failure and tells the count with it; atomic, so that the budget is one for all servers. */
  count: async (budgetKey: string, now: number, windowSeconds: number, also: readonly Statement[] = []) => {
    const [counted] = await db.batch([[COUNT, [budgetKey, now, now - windowSeconds]], ...also]);
    return counted?.rows[0] as unknown as BudgetRecord;
  },

  find: async (budgetKey: string): Promise<BudgetRecord | undefined> =>
    (await db.read<BudgetRecord>(FIND, [budgetKey]))[0],

  /**
   * Removes windows that began before `startedBefore`; those whose key begins with `long`, before `longStartedBefore`.
   * At most 500 in one go.
   */
  purge: async (startedBefore: number, long: string, longStartedBefore: number) =>
    (await db.batch([[PURGE, [startedBefore, longStartedBefore, `${long}%`]]]))[0]?.count ?? 0,
});
