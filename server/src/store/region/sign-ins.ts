import type { BudgetRecord } from "../budgets.ts";
import type { Database } from "../database.ts";

/** What the home region knows of a sign-in, each half maybe absent. */
export interface SignInRecord {
  account: { accountId: string; email: string; passwordHash: string | null } | undefined;
  budget: BudgetRecord | undefined;
}

// One row whatever there is, so that a known e-mail and an unknown one are read in the same way.
const FIND = `SELECT a.account_id AS "accountId", a.email, a.password_hash AS "passwordHash",
  b.window_started_at AS "windowStartedAt", b.failures
  FROM (SELECT 1 AS one) o
  LEFT JOIN account a ON a.email_key = $1
  LEFT JOIN budget b ON b.budget_key = $2`;

interface FoundRow {
  accountId: string | null;
  email: string | null;
  passwordHash: string | null;
  windowStartedAt: number | null;
  failures: number | null;
}

export const signIns = (db: Database) => ({
  /** The account of a normalised e-mail and how often it failed, in one read. */
  find: async (emailKey: string, budgetKey: string): Promise<SignInRecord> => {
    const [row] = await db.read<FoundRow>(FIND, [emailKey, budgetKey]);
    const { accountId = null, email = null, passwordHash = null, windowStartedAt = null, failures = null } = row ?? {};
    return {
      account: accountId === null || email === null ? undefined : { accountId, email, passwordHash },
      budget: windowStartedAt === null || failures === null ? undefined : { windowStartedAt, failures },
    };
  },
});
