import type { BudgetRecord } from "../budgets.ts";
import type { Database } from "../database.ts";
import { eitherKey, type RouteKeys } from "./route-keys.ts";

/** What the directory knows of a sign-in, each half maybe absent. */
export interface SignInRoute {
  account: { region: string; accountId: string } | undefined;
  budget: BudgetRecord | undefined;
  /** The newest pepper. Where the caller knows an older one only, what is absent here may be there all the same. */
  newestPepper: number;
}

// One row whatever there is, so that a known e-mail and an unknown one are read in the same way. A second one only while
// the pepper is rotated, of the same account.
const FIND = `SELECT p.newest, r.region, r.account_id AS "accountId", b.window_started_at AS "windowStartedAt", b.failures
  FROM (SELECT MAX(generation) AS newest FROM pepper) p
  LEFT JOIN account_key k ON k.email_key IN ($1, $2)
  LEFT JOIN account_route r ON r.account_id = k.account_id
  LEFT JOIN budget b ON b.budget_key = $3
  ORDER BY k.generation DESC`;

interface FoundRow {
  newest: number | null;
  region: string | null;
  accountId: string | null;
  windowStartedAt: number | null;
  failures: number | null;
}

export const signIns = (db: Database) => ({
  /** Where the account of an e-mail lives, and how often its caller's address failed, in one read. */
  find: async (keys: RouteKeys, budgetKey: string): Promise<SignInRoute> => {
    const [row] = await db.read<FoundRow>(FIND, [...eitherKey(keys), budgetKey]);
    const { newest = null, region = null, accountId = null, windowStartedAt = null, failures = null } = row ?? {};
    return {
      account: region === null || accountId === null ? undefined : { region, accountId },
      budget: windowStartedAt === null || failures === null ? undefined : { windowStartedAt, failures },
      newestPepper: newest ?? 0,
    };
  },
});
