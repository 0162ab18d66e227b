import type { BudgetRecord } from "../budgets.ts";
import type { Database } from "../database.ts";

/** What the directory knows of a sign-in, each half maybe absent. */
export interface SignInRoute {
  account: { region: string; accountId: string } | undefined;
  budget: BudgetRecord | undefined;
}

// One row whatever there is, so that a known e-mail and an unknown one are read in the same way.
const FIND = `SELECT r.region, r.account_id AS "accountId", b.window_started_at AS "windowStartedAt", b.failures
  FROM (SELECT 1 AS one) o
  LEFT JOIN account_route r ON r.email_key = $1
  LEFT JOIN budget b ON b.budget_key = $2`;

interface FoundRow {
  region: string | null;
  accountId: string | null;
  windowStartedAt: number | null;
  failures: number | null;
}

export const signIns = (db: Database) => ({
  /** Where the account of an e-mail lives, and how often its caller's address failed, in one read. */
  find: async (emailKey: string, budgetKey: string): Promise<SignInRoute> => {
    const [row] = await db.read<FoundRow>(FIND, [emailKey, budgetKey]);
    const { region = null, accountId = null, windowStartedAt = null, failures = null } = row ?? {};
    return {
      account: region === null || accountId === null ? undefined : { region, accountId },
      budget: windowStartedAt === null || failures === null ? undefined : { windowStartedAt, failures },
    };
  },
});
