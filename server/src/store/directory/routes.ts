import type { Database } from "../database.ts";
import { eitherKey, type RouteKeys } from "./route-keys.ts";

/** An account and its home. */
export interface AccountRoute {
  accountId: string;
  region: string;
}

/** An installation and where it lives. */
export interface InstallationRoute {
  installationId: number;
  region: string;
}

// The newest pepper's key first: where two servers know different peppers, that one decides.
const FIND_ACCOUNT = `SELECT k.account_id AS "accountId", r.region
  FROM account_key k JOIN account_route r ON r.account_id = k.account_id
  WHERE k.email_key IN ($1, $2) ORDER BY k.generation DESC`;
// Nothing is written by a server that knows other peppers than there are: it would add a key that soon leads nowhere, or
// one of a pepper that is forgotten.
const ADD_KEY = `INSERT INTO account_key (email_key, generation, account_id)
  SELECT $1, $2, $3 FROM (SELECT MIN(generation) AS oldest, MAX(generation) AS newest FROM pepper) p
  WHERE p.oldest = $2 AND p.newest = $4
  ON CONFLICT DO NOTHING`;
const ADD_NEWER_KEY = `INSERT INTO account_key (email_key, generation, account_id)
  SELECT $1, $2, account_id FROM account_key WHERE email_key = $3 ON CONFLICT DO NOTHING`;
const ADD_ACCOUNT = `INSERT INTO account_route (account_id, region)
  SELECT account_id, $4 FROM account_key WHERE email_key IN ($1, $2) AND account_id = $3 LIMIT 1
  ON CONFLICT DO NOTHING`;
const REPOINT_KEYS = `UPDATE account_key SET account_id = $4 WHERE email_key IN ($1, $2) AND account_id = $3`;

const HOME_OF_ACCOUNT = `SELECT region FROM account_route WHERE account_id = $1`;

const INSTALLATIONS_OF_ACCOUNT = `SELECT installation_id AS "installationId", region FROM account_installation
  WHERE account_id = $1 ORDER BY installation_id LIMIT $2`;
const WAYS_IN = `SELECT m.installation_id AS "installationId", m.region,
  CASE WHEN EXISTS (SELECT 1 FROM team t WHERE t.sandbox_installation_id = m.installation_id) THEN 1 ELSE 0 END AS sandbox
  FROM account_installation m WHERE m.account_id = $1 ORDER BY m.installation_id LIMIT $2`;
const ADD_MEMBER = `INSERT INTO account_installation (account_id, installation_id, region) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING`;
const FIND_MEMBER = `SELECT region FROM account_installation WHERE account_id = $1 AND installation_id = $2`;
const REMOVE_MEMBER = `DELETE FROM account_installation WHERE account_id = $1 AND installation_id = $2`;
const REMOVE_MEMBERS = `DELETE FROM account_installation WHERE installation_id = $1 AND account_id IN (
  SELECT account_id FROM account_installation WHERE installation_id = $1 ORDER BY account_id LIMIT $2)`;

const FIND_INSTALLATION = `SELECT installation_id AS "installationId", region FROM installation_route
  WHERE installation_id = $1`;
const ADD_INSTALLATION = `INSERT INTO installation_route (installation_id, region) VALUES ($1, $2)
  ON CONFLICT DO NOTHING`;
const REMOVE_INSTALLATION = `DELETE FROM installation_route WHERE installation_id = $1`;

/**
 * The directory's routes: e-mail -> account -> its home, account -> installations, installation -> region.
 *
 * A route is written before what it leads to and removed after it, so one may lead nowhere after a crash, and nothing
 * is ever without its route.
 */
export const routes = (db: Database) => ({
  findAccount: async (keys: RouteKeys): Promise<AccountRoute | undefined> =>
    (await db.read<AccountRoute>(FIND_ACCOUNT, [...eitherKey(keys)]))[0],

  /**
   * Of all who add a route for one e-mail at once, in whatever regions, one wins; everybody gets the winner's.
   * `undefined`: there are other peppers than those of `keys`, and nothing was written.
   */
  addAccount: async (keys: RouteKeys, { accountId, region }: AccountRoute): Promise<AccountRoute | undefined> => {
    const [oldest, newer] = keys;
    const { generation } = newer ?? oldest;
    const results = await db.batch([
      [ADD_KEY, [oldest.key, oldest.generation, accountId, generation]],
      ...(newer ? [[ADD_NEWER_KEY, [newer.key, newer.generation, oldest.key]] as const] : []),
      [ADD_ACCOUNT, [...eitherKey(keys), accountId, region]],
      [FIND_ACCOUNT, [...eitherKey(keys)]],
    ]);
    return results.at(-1)?.rows[0] as AccountRoute | undefined;
  },

  /** Makes a route that leads nowhere lead to the account that the region really has for this e-mail. */
  repointAccount: async (keys: RouteKeys, from: string, to: AccountRoute): Promise<void> => {
    await db.batch([
      [REPOINT_KEYS, [...eitherKey(keys), from, to.accountId]],
      [ADD_ACCOUNT, [...eitherKey(keys), to.accountId, to.region]],
    ]);
  },

  /** The region an account lives in. */
  homeOf: async (accountId: string): Promise<string | undefined> =>
    (await db.read<{ region: string }>(HOME_OF_ACCOUNT, [accountId]))[0]?.region,

  /** Some may lead nowhere: the regions' own rows decide. */
  installationsOfAccount: (accountId: string, limit = 1_000): Promise<InstallationRoute[]> =>
    db.read<InstallationRoute>(INSTALLATIONS_OF_ACCOUNT, [accountId, limit]),

  /** The same, and which of them are teams' sandboxes. */
  waysIn: async (accountId: string, limit = 1_000): Promise<(InstallationRoute & { sandbox: boolean })[]> => {
    const rows = await db.read<InstallationRoute & { sandbox: number }>(WAYS_IN, [accountId, limit]);
    return rows.map((row) => ({ ...row, sandbox: row.sandbox === 1 }));
  },

  addMember: async (accountId: string, route: InstallationRoute): Promise<void> => {
    await db.batch([[ADD_MEMBER, [accountId, route.installationId, route.region]]]);
  },

  hasMember: async (accountId: string, installationId: number): Promise<boolean> =>
    (await db.read(FIND_MEMBER, [accountId, installationId])).length > 0,

  removeMember: async (accountId: string, installationId: number): Promise<void> => {
    await db.batch([[REMOVE_MEMBER, [accountId, installationId]]]);
  },

  /** Removes up to `limit` members of a deleted installation and says how many. */
  removeMembers: async (installationId: number, limit: number): Promise<number> =>
    (await db.batch([[REMOVE_MEMBERS, [installationId, limit]]]))[0]?.count ?? 0,

  findInstallation: async (installationId: number): Promise<InstallationRoute | undefined> =>
    (await db.read<InstallationRoute>(FIND_INSTALLATION, [installationId]))[0],

  addInstallation: async (route: InstallationRoute): Promise<void> => {
    await db.batch([[ADD_INSTALLATION, [route.installationId, route.region]]]);
  },

  removeInstallation: async (installationId: number): Promise<void> => {
    await db.batch([[REMOVE_INSTALLATION, [installationId]]]);
  },
});
