import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database } from "../database.ts";
import { accountStays } from "./moving.ts";
import { findingMemberships, type Membership, membershipsOf } from "./users.ts";

/** One row of `session` with the account it belongs to. The cookie's secret itself is never stored. */
export interface SessionRecord {
  sessionHash: string;
  accountId: string;
  email: string;
  createdAt: number;
  authenticatedAt: number;
  lastUsedAt: number;
  /** "Stay signed in": the session outlives the browser's. */
  remember: boolean;
}

/** A session as its owner sees it. */
export interface SessionOfAccount extends Omit<SessionRecord, "accountId" | "email" | "authenticatedAt"> {
  userAgent: string;
}

export interface NewSession {
  sessionHash: string;
  accountId: string;
  at: number;
  remember: boolean;
  userAgent: string;
}

const FIND = `SELECT s.session_hash AS "sessionHash", s.account_id AS "accountId", a.email AS "email",
  s.created_at AS "createdAt", s.authenticated_at AS "authenticatedAt", s.last_used_at AS "lastUsedAt",
  s.remember AS "remember"
  FROM session s JOIN account a ON a.account_id = s.account_id WHERE s.session_hash = $1`;
// The guard is what makes the budget hold against many guesses at once: the right one among them
// comes too late when the wrong ones before it have used the budget up.
// So is the password's hash: one that was replaced while it was being verified opens nothing any more.
const START = `INSERT INTO session (session_hash, account_id, created_at, authenticated_at, last_used_at, remember, user_agent)
  SELECT $1, account_id, $3, $3, $3, $4, $5 FROM account
  WHERE account_id = $2 AND password_hash = $9 AND ${accountStays("$2")} AND NOT EXISTS
    (SELECT 1 FROM budget WHERE budget_key = $6 AND window_started_at > $7 AND failures >= $8)`;
const OF_ACCOUNT = `SELECT session_hash AS "sessionHash", created_at AS "createdAt", last_used_at AS "lastUsedAt", remember,
  user_agent AS "userAgent" FROM session WHERE account_id = $1 ORDER BY last_used_at DESC, session_hash LIMIT 200`;
const TOUCH = `UPDATE session SET last_used_at = $2 WHERE session_hash = $1 AND last_used_at < $2`;
const END = `DELETE FROM session WHERE session_hash = $1`;
const END_OWN = `DELETE FROM session WHERE session_hash = $1 AND account_id = $2 AND ${accountStays("$2")}`;
const END_ALL_BUT = `DELETE FROM session WHERE account_id = $1 AND session_hash <> $2 AND ${accountStays("$1")}`;
const PURGE = `DELETE FROM session WHERE session_hash IN
  (SELECT session_hash FROM session WHERE created_at < $1 OR last_used_at < $2 LIMIT 500)`;

export const sessions = (db: Database) => ({
  find: async (sessionHash: string): Promise<SessionRecord | undefined> => {
    const [row] = await db.read<Omit<SessionRecord, "remember"> & { remember: number }>(FIND, [sessionHash]);
    return row && { ...row, remember: row.remember === 1 };
  },

  /**
   * Begins a session, and tells in the same round trip what the login to an app goes on with: the account's users here.
   * `undefined` when the account is gone, its password is another by now, it is on the move, or its budget of failures
   * is used up.
   */
  start: async (
    session: NewSession,
    passwordHash: string,
    budget: { key: string; windowStartedAfter: number; failuresMax: number },
    clientId: string,
  ): Promise<Membership[] | undefined> => {
    const { sessionHash, accountId, at, remember, userAgent } = session;
    const [started, users] = await db.batch([
      [
        START,
        [
          sessionHash,
          accountId,
          at,
          remember ? 1 : 0,
          userAgent,
          budget.key,
          budget.windowStartedAfter,
          budget.failuresMax,
          passwordHash,
        ],
      ],
      findingMemberships(accountId, clientId),
    ]);
    return started?.count === 1 ? membershipsOf(users?.rows ?? []) : undefined;
  },

  touch: async (sessionHash: string, at: number): Promise<void> => {
    await db.batch([[TOUCH, [sessionHash, at]]]);
  },

  end: async (sessionHash: string): Promise<void> => {
    await db.batch([[END, [sessionHash]]]);
  },

  /** Those of an account, also some that have ended by their age; at most 200, the last used first. */
  ofAccount: async (accountId: string): Promise<SessionOfAccount[]> => {
    const rows = await db.read<Omit<SessionOfAccount, "remember"> & { remember: number }>(OF_ACCOUNT, [accountId]);
    return rows.map((row) => ({ ...row, remember: row.remember === 1 }));
  },

  endOwn: async (accountId: string, sessionHash: string, entry: AuditEntry): Promise<void> => {
    await db.batch([[END_OWN, [sessionHash, accountId]], auditStatement(entry)]);
  },

  /** @param but  the hash of the one that stays; an empty text is none. */
  endAllBut: async (accountId: string, but: string, entry: AuditEntry): Promise<void> => {
    await db.batch([[END_ALL_BUT, [accountId, but]], auditStatement(entry)]);
  },

  /** At most 500 in one go. */
  purge: async (createdBefore: number, usedBefore: number) =>
    (await db.batch([[PURGE, [createdBefore, usedBefore]]]))[0]?.count ?? 0,
});
