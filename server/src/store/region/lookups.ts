import type { Database } from "../database.ts";

/** A user as a list of found ones shows it. */
export interface FoundUser {
  installationId: number;
  userId: number;
  installationName: string;
  email: string;
  firstName: string;
  lastName: string;
  disabled: boolean;
}

export interface FoundInstallation {
  installationId: number;
  name: string;
  url: string;
}

type UserRow = Omit<FoundUser, "disabled"> & { disabled: number };

// What is still on its way here lives in the region it comes from.
const HERE = `NOT EXISTS (SELECT 1 FROM moving_installation m
  WHERE m.installation_id = i.installation_id AND m.role <> 'leaving')`;
const USERS = `SELECT u.installation_id AS "installationId", u.user_id AS "userId", i.name AS "installationName", u.email,
    u.first_name AS "firstName", u.last_name AS "lastName", u.disabled
  FROM installation_user u JOIN installation i ON i.installation_id = u.installation_id
  WHERE ${HERE}`;
const IN_ORDER = `ORDER BY u.installation_id, u.user_id LIMIT $2`;
/** The first three letters have an index; the rest is compared in what that finds. `$1`: the beginning, `$3`: its length. */
const beginsWith = (column: string) => `LOWER(SUBSTR(${column}, 1, 3)) = LOWER(SUBSTR(CAST($1 AS TEXT), 1, 3))
  AND LOWER(SUBSTR(${column}, 1, CAST($3 AS INTEGER))) = LOWER(CAST($1 AS TEXT))`;
const USERS_OF_ID = `${USERS} AND u.user_id = $1 ${IN_ORDER}`;
const USERS_OF_ACCOUNT = `${USERS} AND u.account_id = $1 ${IN_ORDER}`;
const USERS_OF_FIRST_NAME = `${USERS} AND ${beginsWith("u.first_name")} ${IN_ORDER}`;
const USERS_OF_LAST_NAME = `${USERS} AND ${beginsWith("u.last_name")} ${IN_ORDER}`;
const INSTALLATIONS_OF_NAME = `SELECT i.installation_id AS "installationId", i.name, i.url FROM installation i
  WHERE ${HERE} AND ${beginsWith("i.name")} ORDER BY i.installation_id LIMIT $2`;
const COUNT_USERS = `SELECT COUNT(*) AS "count" FROM installation_user WHERE installation_id = $1`;
const APPS = `SELECT client_id AS "clientId", COUNT(*) AS "tokens" FROM token
  WHERE installation_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
  GROUP BY client_id LIMIT 200`;

const userOf = (row: UserRow): FoundUser => ({ ...row, disabled: row.disabled === 1 });
const lengthOf = (text: string): number => [...text].length;

/** What operators look for in one region. Names are compared without case, which is each engine's own idea beyond ASCII. */
export const lookups = (db: Database) => ({
  usersOfId: async (userId: number, limit: number): Promise<FoundUser[]> =>
    (await db.read<UserRow>(USERS_OF_ID, [userId, limit])).map(userOf),

  usersOfAccount: async (accountId: string, limit: number): Promise<FoundUser[]> =>
    (await db.read<UserRow>(USERS_OF_ACCOUNT, [accountId, limit])).map(userOf),

  /** @param beginning  of the first name or the last name, three characters at least. */
  usersOfName: async (beginning: string, limit: number): Promise<FoundUser[]> => {
    const params = [beginning, limit, lengthOf(beginning)];
    const [first, last] = await Promise.all([
      db.read<UserRow>(USERS_OF_FIRST_NAME, params),
      db.read<UserRow>(USERS_OF_LAST_NAME, params),
    ]);
    return [...new Map([...first, ...last].map((row) => [row.userId, userOf(row)])).values()];
  },

  /** @param beginning  three characters at least. */
  installationsOfName: (beginning: string, limit: number): Promise<FoundInstallation[]> =>
    db.read(INSTALLATIONS_OF_NAME, [beginning, limit, lengthOf(beginning)]),

  countUsers: async (installationId: number): Promise<number> =>
    (await db.read<{ count: number }>(COUNT_USERS, [installationId]))[0]?.count ?? 0,

  /** Apps that hold tokens of the installation's users, and how many. */
  appsOf: (installationId: number, now: number): Promise<{ clientId: string; tokens: number }[]> =>
    db.read(APPS, [installationId, now]),
});
