import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database, Row as DatabaseRow, Param, Statement } from "../database.ts";
import { type Company, companyStatements, type NamedCompany } from "./companies.ts";
import { installationStays } from "./moving.ts";

export type UserRole = "member" | "admin";

/** One row of `installation_user` with its company: a person in one installation. Times are seconds since 1970 UTC. */
export interface User {
  installationId: number;
  userId: number;
  accountId: string;
  /** Where the account lives: maybe not here. */
  accountRegion: string;
  email: string;
  emailKey: string;
  firstName: string;
  lastName: string;
  avatar: string;
  company: Company;
  role: UserRole;
  disabled: boolean;
  /** Its e-mail already had an account when the user was made. */
  joined: boolean;
  createdAt: number;
  updatedAt: number;
  version: number;
}

/** A user as a login sees it: with the installation's face, and what it lets the app do. */
export interface Membership {
  installationId: number;
  userId: number;
  role: UserRole;
  disabled: boolean;
  installationName: string;
  installationUrl: string;
  installationLogo: string;
  /** The scopes allowed to the app so far; null when the user was never asked. */
  consentedScopes: readonly string[] | null;
}

type Flag = "disabled" | "joined";
type Row = Omit<User, "company" | Flag> &
  Record<Flag, number> & { companyId: number; companyName: string; companyLogo: string };

type MembershipRow = Omit<Membership, "disabled" | "consentedScopes"> & {
  disabled: number;
  consentedScopes: string | null;
};

const SELECT = `SELECT u.installation_id AS "installationId", u.user_id AS "userId", u.account_id AS "accountId",
    u.account_region AS "accountRegion", u.email, u.email_key AS "emailKey", u.first_name AS "firstName",
    u.last_name AS "lastName", u.avatar, u.role, u.disabled, u.joined, c.company_id AS "companyId",
    c.name AS "companyName", c.logo AS "companyLogo", u.created_at AS "createdAt", u.updated_at AS "updatedAt", u.version
  FROM installation_user u JOIN company c ON c.installation_id = u.installation_id AND c.company_id = u.company_id`;
const FIND = `${SELECT} WHERE u.installation_id = $1 AND u.user_id = $2`;
const PAGE = `${SELECT} WHERE u.installation_id = $1 AND u.user_id > $2 ORDER BY u.user_id LIMIT $3`;
const FIND_EMAIL = `SELECT user_id AS "userId" FROM installation_user WHERE installation_id = $1 AND email_key = $2`;
const OF_ACCOUNT = `SELECT u.installation_id AS "installationId", u.user_id AS "userId", u.role, u.disabled,
    i.name AS "installationName", i.url AS "installationUrl", i.logo AS "installationLogo",
    c.scopes AS "consentedScopes"
  FROM installation_user u JOIN installation i ON i.installation_id = u.installation_id
  LEFT JOIN consent c ON c.installation_id = u.installation_id AND c.user_id = u.user_id AND c.client_id = $2
  WHERE u.account_id = $1 ORDER BY u.installation_id LIMIT 1000`;
const ADD = `INSERT INTO installation_user (installation_id, user_id, first_name, last_name, avatar, role, disabled,
    updated_at, company_id, account_id, account_region, email, email_key, joined, created_at, version)
  SELECT i.installation_id, $2, $3, $4, $5, $6, $7, $8, c.company_id, $10, $11, $12, $13, $14, $15, 1
  FROM installation i JOIN company c ON c.installation_id = i.installation_id AND c.name = $9
  WHERE i.installation_id = $1 AND ${installationStays("i.installation_id")} ON CONFLICT DO NOTHING`;
const RECORD_ADDED = `INSERT INTO audit (audit_id, at, actor, action, target, detail)
  SELECT $3, $4, $5, $6, $7, $8 FROM installation_user WHERE installation_id = $1 AND user_id = $2`;
const CHANGE = `UPDATE installation_user SET first_name = $3, last_name = $4, avatar = $5, role = $6, disabled = $7,
    updated_at = $8, version = version + 1,
    company_id = (SELECT company_id FROM company WHERE installation_id = $1 AND name = $9)
  WHERE installation_id = $1 AND user_id = $2 AND version = $10 AND ${installationStays("$1")}`;
const REMOVE = `DELETE FROM installation_user WHERE installation_id = $1 AND user_id = $2
  AND ${installationStays("$1")}`;

/**
 * What a user leaves behind, by table and key. Worth nothing without the user's row, removed so that nothing of it stays.
 * Codes and links are not here: they are worth nothing either, and expire by themselves.
 */
const REMOVE_LEFTOVERS = [
  ["token", "token_hash"],
  ["refresh_token", "refresh_hash"],
  ["consent", "client_id"],
].map(
  ([table, key]) => `DELETE FROM ${table} WHERE installation_id = $1 AND user_id = $2 AND ${key} IN (
  SELECT ${key} FROM ${table} WHERE installation_id = $1 AND user_id = $2 LIMIT $3)`,
);
const REMOVE_ALL = [
  ["token", "token_hash"],
  ["refresh_token", "refresh_hash"],
  ["consent", "user_id"],
  ["installation_user", "user_id"],
].map(
  ([table, key]) => `DELETE FROM ${table} WHERE installation_id = $1 AND ${key} IN (
  SELECT ${key} FROM ${table} WHERE installation_id = $1 LIMIT $2)`,
);

const userOf = ({ companyId, companyName, companyLogo, ...row }: Row): User => ({
  ...row,
  disabled: row.disabled === 1,
  joined: row.joined === 1,
  company: { id: companyId, name: companyName, logo: companyLogo },
});

/** An account's users in one region, at most 1,000, in the order of their installations. Disabled ones too. */
export const findingMemberships = (accountId: string, clientId: string): Statement => [
  OF_ACCOUNT,
  [accountId, clientId],
];

export const membershipsOf = (rows: readonly DatabaseRow[]): Membership[] =>
  (rows as unknown as MembershipRow[]).map((row) => ({
    ...row,
    disabled: row.disabled === 1,
    consentedScopes: row.consentedScopes === null ? null : JSON.parse(row.consentedScopes),
  }));

export type UserDraft = Omit<User, "company"> & { company: NamedCompany };

/** `$1` to `$9` of both ADD and CHANGE. */
const parameters = (draft: UserDraft): Param[] => [
  draft.installationId,
  draft.userId,
  draft.firstName,
  draft.lastName,
  draft.avatar,
  draft.role,
  draft.disabled ? 1 : 0,
  draft.updatedAt,
  draft.company.name,
];

export const users = (db: Database) => {
  const removed = async (statements: readonly string[], params: Param[]): Promise<number> =>
    (await db.batch(statements.map((sql): Statement => [sql, params]))).reduce((sum, { count }) => sum + count, 0);

  return {
    find: async (installationId: number, userId: number): Promise<User | undefined> =>
      (await db.read<Row>(FIND, [installationId, userId])).map(userOf)[0],

    page: async (installationId: number, after: number, limit: number): Promise<User[]> =>
      (await db.read<Row>(PAGE, [installationId, after, limit])).map(userOf),

    hasEmail: async (installationId: number, emailKey: string): Promise<boolean> =>
      (await db.read(FIND_EMAIL, [installationId, emailKey])).length > 0,

    /** The account's users in this region, for the login to an app. */
    ofAccount: async (accountId: string, clientId: string): Promise<Membership[]> =>
      membershipsOf(await db.read(...findingMemberships(accountId, clientId))),

    /** False when the e-mail has a user in the installation, or the installation is gone or on the move. */
    add: async (draft: UserDraft, entry: AuditEntry): Promise<boolean> => {
      const { installationId, userId, accountId, accountRegion, email, emailKey, joined, createdAt } = draft;
      const company = companyStatements(installationId, draft.company);
      const row = [...parameters(draft), accountId, accountRegion, email, emailKey, joined ? 1 : 0, createdAt];
      const [, auditParams] = auditStatement(entry);
      const results = await db.batch([
        ...company,
        [ADD, row],
        [RECORD_ADDED, [installationId, userId, ...auditParams]],
      ]);
      return results[company.length]?.count === 1;
    },

    /** False when the row is no longer at `draft.version`, or on the move. */
    change: (draft: UserDraft, entry: AuditEntry): Promise<boolean> =>
      db.transaction(async (tx) => {
        for (const [sql, params] of companyStatements(draft.installationId, draft.company)) await tx.run(sql, params);
        const { count } = await tx.run(CHANGE, [...parameters(draft), draft.version]);
        if (count === 1) await tx.run(...auditStatement(entry));
        return count === 1;
      }),

    /** Ends the user and its tokens at once, for tokens are checked with it. False when it was not there, or is on the move. */
    remove: (installationId: number, userId: number, entry: AuditEntry): Promise<boolean> =>
      db.transaction(async (tx) => {
        const { count } = await tx.run(REMOVE, [installationId, userId]);
        if (count === 1) await tx.run(...auditStatement(entry));
        return count === 1;
      }),

    /** Removes up to `limit` rows of each kind that a deleted user left behind and says how many. */
    removeLeftovers: (installationId: number, userId: number, limit: number): Promise<number> =>
      removed(REMOVE_LEFTOVERS, [installationId, userId, limit]),

    /** Removes up to `limit` users of a deleted installation, and as much of each kind of what is theirs; says how many. */
    removeAll: (installationId: number, limit: number): Promise<number> => removed(REMOVE_ALL, [installationId, limit]),
  };
};
