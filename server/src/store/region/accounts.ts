import type { Database, Statement } from "../database.ts";
import { accountStays } from "./moving.ts";

/** One row of `account`: the person who logs in. Times are seconds since 1970 UTC. */
export interface Account {
  accountId: string;
  /** As it was written. */
  email: string;
  /** The normalised e-mail, unique in the region. */
  emailKey: string;
  /** argon2id in PHC format; null until the invitation is accepted. */
  passwordHash: string | null;
  createdAt: number;
  passwordChangedAt: number | null;
  version: number;
}

const COLUMNS = `account_id AS "accountId", email, email_key AS "emailKey", password_hash AS "passwordHash",
  created_at AS "createdAt", password_changed_at AS "passwordChangedAt", version`;
const FIND = `SELECT ${COLUMNS} FROM account WHERE account_id = $1`;
const FIND_BY_EMAIL_KEY = `SELECT ${COLUMNS} FROM account WHERE email_key = $1`;
const ADD = `INSERT INTO account (account_id, email, email_key, password_hash, created_at, password_changed_at, version)
  SELECT $1, $2, $3, $4, $5, $6, 1 WHERE ${accountStays("$1")} ON CONFLICT DO NOTHING`;

export const accounts = (db: Database) => ({
  find: async (accountId: string): Promise<Account | undefined> => (await db.read<Account>(FIND, [accountId]))[0],

  findByEmailKey: async (emailKey: string): Promise<Account | undefined> =>
    (await db.read<Account>(FIND_BY_EMAIL_KEY, [emailKey]))[0],

  /** False when there is one of that id or e-mail, also one on the move: of many who add the same at once, one does, and runs `also` with it. */
  add: (account: Omit<Account, "version">, also: readonly Statement[] = []): Promise<boolean> => {
    const { accountId, email, emailKey, passwordHash, createdAt, passwordChangedAt } = account;
    return db.transaction(async (tx) => {
      const { count } = await tx.run(ADD, [accountId, email, emailKey, passwordHash, createdAt, passwordChangedAt]);
      if (count === 0) return false;
      for (const [sql, params] of also) await tx.run(sql, params);
      return true;
    });
  },
});
