import type { Database } from "../database.ts";

/** Where an account lives. */
export interface AccountRoute {
  accountId: string;
  region: string;
}

/** An installation and where it lives. */
export interface InstallationRoute {
  installationId: number;
  region: string;
}

const FIND_ACCOUNT = `SELECT account_id AS "accountId", region FROM account_route WHERE email_key = $1`;
const ADD_ACCOUNT = `INSERT INTO account_route (email_key, account_id, region) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING`;
const REPOINT_ACCOUNT = `UPDATE account_route SET account_id = $3 WHERE email_key = $1 AND account_id = $2`;

const INSTALLATIONS_OF_ACCOUNT = `SELECT installation_id AS "installationId", region FROM account_installation
  WHERE account_id = $1 ORDER BY installation_id LIMIT $2`;
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
 * The directory's three routes: e-mail -> account, account -> installations, installation -> region.
 *
 * `emailKey` is here always `HMAC(pepper, normalised e-mail)`. A route is written before what it leads to and removed
 * after it, so one may lead nowhere after a crash, and nothing is ever without its route.
 */
export const routes = (db: Database) => ({
  findAccount: async (emailKey: string): Promise<AccountRoute | undefined> =>
    (await db.read<AccountRoute>(FIND_ACCOUNT, [emailKey]))[0],

  /** Of all who add a route for one e-mail at once, in whatever regions, one wins; everybody gets the winner's. */
  addAccount: async (emailKey: string, route: AccountRoute): Promise<AccountRoute> => {
    const [, found] = await db.batch([
      [ADD_ACCOUNT, [emailKey, route.accountId, route.region]],
      [FIND_ACCOUNT, [emailKey]],
    ]);
    return (found?.rows[0] as AccountRoute | undefined) ?? route;
  },

  /** Makes a route that leads nowhere lead to the account that the region really has for this e-mail. */
  repointAccount: async (emailKey: string, from: string, to: string): Promise<void> => {
    await db.batch([[REPOINT_ACCOUNT, [emailKey, from, to]]]);
  },

  /** Some may lead nowhere: the regions' own rows decide. */
  installationsOfAccount: (accountId: string, limit = 1_000): Promise<InstallationRoute[]> =>
    db.read<InstallationRoute>(INSTALLATIONS_OF_ACCOUNT, [accountId, limit]),

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
