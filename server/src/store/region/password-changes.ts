import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database } from "../database.ts";
import { accountStays } from "./moving.ts";

/** A new password, chosen by who knows the old one. */
export interface PasswordChange {
  accountId: string;
  /** What the old password was verified against. */
  oldHash: string;
  newHash: string;
  /** The session it is changed in, which stays; an empty text is none. */
  sessionHash: string;
  /** The mail that says so, sealed. */
  notice: { mailId: string; sealedMessage: string };
  budget: { key: string; windowStartedAfter: number; failuresMax: number };
}

// The guards are those of a sign-in: a password that was replaced while it was being verified changes nothing any more,
// and the right one among many guesses comes too late when the wrong ones before it have used the budget up.
const CHANGE = `UPDATE account SET password_hash = $3, password_changed_at = $4, version = version + 1
  WHERE account_id = $1 AND password_hash = $2 AND ${accountStays("$1")} AND NOT EXISTS
    (SELECT 1 FROM budget WHERE budget_key = $5 AND window_started_at > $6 AND failures >= $7)`;
// A hash is salted, so that it names the one request that made it: only who changed the password goes on from here.
const OURS = "EXISTS (SELECT 1 FROM account WHERE account_id = $1 AND password_hash = $2)";
const END_LINKS = `UPDATE link SET used_at = $3 WHERE account_id = $1 AND used_at IS NULL AND ${OURS}`;
const END_OTHER_SESSIONS = `DELETE FROM session WHERE account_id = $1 AND session_hash <> $3 AND ${OURS}`;
const ENQUEUE_NOTICE = `INSERT INTO mail (mail_id, sealed_message, created_at, attempts, next_attempt_at)
  SELECT $3, $4, CAST($5 AS BIGINT), 0, CAST($5 AS BIGINT) WHERE ${OURS}`;
const RECORD = `INSERT INTO audit (audit_id, at, actor, action, target, detail)
  SELECT $3, CAST($4 AS BIGINT), $5, $6, $7, $8 WHERE ${OURS}`;

export const passwordChanges = (db: Database) => ({
  /**
   * In one batch: the password is replaced, the account's links and its other sessions end, and the mail that says so is
   * queued. False when the old password is no longer the account's, the account is on the
   * move, or its budget of failures is used up.
   */
  make: async (change: PasswordChange, entry: AuditEntry): Promise<boolean> => {
    const { accountId, oldHash, newHash, sessionHash, notice, budget } = change;
    const [, audited] = auditStatement(entry);
    const [changed] = await db.batch([
      [CHANGE, [accountId, oldHash, newHash, entry.at, budget.key, budget.windowStartedAfter, budget.failuresMax]],
      [END_LINKS, [accountId, newHash, entry.at]],
      [END_OTHER_SESSIONS, [accountId, newHash, sessionHash]],
      [ENQUEUE_NOTICE, [accountId, newHash, notice.mailId, notice.sealedMessage, entry.at]],
      [RECORD, [accountId, newHash, ...audited]],
    ]);
    return changed?.count === 1;
  },
});
