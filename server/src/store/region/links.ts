import type { Database, Statement } from "../database.ts";
import { accountStays } from "./moving.ts";

export type LinkKind = "invitation" | "password_reset";

/** One row of `link`. Times are seconds since 1970 UTC. The link's secret itself is never stored. */
export interface LinkRecord {
  linkHash: string;
  kind: LinkKind;
  accountId: string;
  /** The user an invitation is for. */
  installationId: number | null;
  userId: number | null;
  createdAt: number;
  expiresAt: number;
}

/** A link that still works, with what its account says of itself. */
export interface LiveLink extends LinkRecord {
  email: string;
  emailKey: string;
  hasPassword: boolean;
}

/** The new password that a link is spent on. */
export interface PasswordBySpending {
  link: LinkRecord;
  /** A fresh random text: tells this request from another that spends the same link in the same second. */
  spentBy: string;
  passwordHash: string;
  /** The mail that says so, sealed. */
  notice: { mailId: string; sealedMessage: string };
  /** The budget of the account's failed logins. */
  failuresKey: string;
  at: number;
}

const MAKE = `INSERT INTO link (link_hash, kind, account_id, installation_id, user_id, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;
const FIND_LIVE = `SELECT link.link_hash AS "linkHash", link.kind, link.account_id AS "accountId",
  link.installation_id AS "installationId", link.user_id AS "userId", link.created_at AS "createdAt",
  link.expires_at AS "expiresAt", account.email, account.email_key AS "emailKey",
  CASE WHEN account.password_hash IS NULL THEN 0 ELSE 1 END AS "hasPassword"
  FROM link JOIN account ON account.account_id = link.account_id
  WHERE link.link_hash = $1 AND link.used_at IS NULL AND link.expires_at > $2`;
const SPEND = `UPDATE link SET used_at = $2, spent_by = $3
  WHERE link_hash = $1 AND used_at IS NULL AND expires_at > $2 AND ${accountStays("link.account_id")}`;
const SET_PASSWORD = `UPDATE account SET password_hash = $2, password_changed_at = $3, version = version + 1
  WHERE account_id = $1 AND EXISTS (SELECT 1 FROM link WHERE link_hash = $4 AND account_id = $1 AND spent_by = $5)
  AND ${accountStays("$1")}`;
const SET_FIRST_PASSWORD = `${SET_PASSWORD} AND password_hash IS NULL`;
// A hash is salted, so that it names the one request that made it: only who set the password goes on from here.
const OURS = "EXISTS (SELECT 1 FROM account WHERE account_id = $1 AND password_hash = $2)";
const END_OTHER_LINKS = `UPDATE link SET used_at = $3 WHERE account_id = $1 AND used_at IS NULL AND ${OURS}`;
const END_SESSIONS = `DELETE FROM session WHERE account_id = $1 AND ${OURS}`;
const FORGIVE_FAILURES = `DELETE FROM budget WHERE budget_key = $3 AND ${OURS}`;
const ENQUEUE_NOTICE = `INSERT INTO mail (mail_id, sealed_message, created_at, attempts, next_attempt_at)
  SELECT $3, $4, $5, 0, $5 WHERE ${OURS}`;
const PURGE = `DELETE FROM link WHERE link_hash IN
  (SELECT link_hash FROM link WHERE expires_at <= $1 ORDER BY expires_at LIMIT 500)`;

/** One-time links of mails: an invitation, or a forgotten password. */
export const links = (db: Database) => ({
  /** For the batch that also queues the mail the link is in. */
  making: (link: LinkRecord): Statement => [
    MAKE,
    [link.linkHash, link.kind, link.accountId, link.installationId, link.userId, link.createdAt, link.expiresAt],
  ],

  /** `undefined` alike for a link that is unknown, used or expired, and for one whose account is gone. */
  findLive: async (linkHash: string, now: number): Promise<LiveLink | undefined> => {
    const [row] = await db.read<Omit<LiveLink, "hasPassword"> & { hasPassword: number }>(FIND_LIVE, [linkHash, now]);
    return row && { ...row, hasPassword: row.hasPassword === 1 };
  },

  /**
   * Spends a link on a new password, in one batch: the account's other links and all its sessions end with it, its
   * failed logins are forgiven (else nobody who forgot could go on at once), and the mail that says so is queued. True for exactly one caller per link, however many ask at once; for everybody
   * else, and for an invitation of an account that has a password by now, nothing of the account changes.
   */
  spendOnPassword: async ({ link, spentBy, passwordHash, notice, failuresKey, at }: PasswordBySpending) => {
    const { accountId, linkHash } = link;
    const set = link.kind === "invitation" ? SET_FIRST_PASSWORD : SET_PASSWORD;
    const results = await db.batch([
      // First, because its row lock makes whoever comes second wait, look again and find the link used.
      [SPEND, [linkHash, at, spentBy]],
      [set, [accountId, passwordHash, at, linkHash, spentBy]],
      [END_OTHER_LINKS, [accountId, passwordHash, at]],
      [END_SESSIONS, [accountId, passwordHash]],
      [FORGIVE_FAILURES, [accountId, passwordHash, failuresKey]],
      [ENQUEUE_NOTICE, [accountId, passwordHash, notice.mailId, notice.sealedMessage, at]],
    ]);
    return results[1]?.count === 1;
  },

  /** Forgets up to 500 links whose time is over. */
  purge: async (now: number) => {
    const [purged] = await db.batch([[PURGE, [now]]]);
    return purged?.count ?? 0;
  },
});
