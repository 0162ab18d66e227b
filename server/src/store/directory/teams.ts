import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database, Statement } from "../database.ts";

export type TeamRole = "owner" | "admin" | "developer" | "viewer";
export type Platform = "web" | "spa" | "extension" | "native" | "cli";

/** One row of `team`. What it is called lives in its region. */
export interface Team {
  teamId: string;
  region: string;
  sandboxInstallationId: number | null;
  createdAt: number;
}

export interface TeamMember {
  teamId: string;
  accountId: string;
  accountRegion: string;
  role: TeamRole;
  createdAt: number;
}

/** Whose app it is, and what it runs on. */
export interface TeamApp {
  clientId: string;
  teamId: string;
  platform: Platform;
  createdAt: number;
  /** What its own team suspended it from, and the version it then had: what an operator suspends, no team resumes. */
  suspendedFrom: string | null;
  suspendedVersion: number | null;
}

const TEAM_COLUMNS = `t.team_id AS "teamId", t.region, t.sandbox_installation_id AS "sandboxInstallationId",
  t.created_at AS "createdAt"`;
const OF_ACCOUNT = `SELECT ${TEAM_COLUMNS}, m.role FROM team_member m JOIN team t ON t.team_id = m.team_id
  WHERE m.account_id = $1 ORDER BY t.created_at, t.team_id LIMIT 100`;
const FIND = `SELECT ${TEAM_COLUMNS} FROM team t WHERE t.team_id = $1`;
const CREATE = `INSERT INTO team (team_id, region, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`;
const SET_SANDBOX = `UPDATE team SET sandbox_installation_id = $2
  WHERE team_id = $1 AND sandbox_installation_id IS NULL`;

// Two owners who both leave at once must not both find the other still there: whoever changes members takes turns here.
const TAKE_TURN = `UPDATE team SET created_at = created_at WHERE team_id = $1`;
const MEMBERS = `SELECT team_id AS "teamId", account_id AS "accountId", account_region AS "accountRegion", role,
  created_at AS "createdAt" FROM team_member WHERE team_id = $1 ORDER BY created_at, account_id LIMIT 500`;
const ADD_MEMBER = `INSERT INTO team_member (team_id, account_id, account_region, role, created_at)
  SELECT team_id, $2, $3, $4, $5 FROM team WHERE team_id = $1 ON CONFLICT DO NOTHING`;
// A team is never left without an owner: the last one can neither go nor become less.
const CHANGE_ROLE = `UPDATE team_member SET role = $3 WHERE team_id = $1 AND account_id = $2 AND
  (role <> 'owner' OR $3 = 'owner' OR EXISTS (SELECT 1 FROM team_member o
    WHERE o.team_id = $1 AND o.role = 'owner' AND o.account_id <> $2))`;
const REMOVE_MEMBER = `DELETE FROM team_member WHERE team_id = $1 AND account_id = $2 AND
  (role <> 'owner' OR EXISTS (SELECT 1 FROM team_member o
    WHERE o.team_id = $1 AND o.role = 'owner' AND o.account_id <> $2))`;

const APP_COLUMNS = `client_id AS "clientId", team_id AS "teamId", platform, created_at AS "createdAt",
  suspended_from AS "suspendedFrom", suspended_version AS "suspendedVersion"`;
const APPS = `SELECT ${APP_COLUMNS} FROM team_app WHERE team_id = $1 AND client_id > $2 ORDER BY client_id LIMIT $3`;
const FIND_APP = `SELECT ${APP_COLUMNS} FROM team_app WHERE client_id = $1`;
const HOME_OF_APP = `SELECT t.team_id AS "teamId", t.region FROM team_app a JOIN team t ON t.team_id = a.team_id
  WHERE a.client_id = $1`;
const ADD_APP = `INSERT INTO team_app (client_id, team_id, platform, created_at) VALUES ($1, $2, $3, $4)`;
const SET_SUSPENDED = `UPDATE team_app SET suspended_from = $2, suspended_version = $3 WHERE client_id = $1`;
const REMOVE_APP = `DELETE FROM team_app WHERE client_id = $1`;

const changed = (db: Database, teamId: string, statement: Statement, entry: AuditEntry): Promise<boolean> =>
  db.transaction(async (tx) => {
    await tx.run(TAKE_TURN, [teamId]);
    const { count } = await tx.run(...statement);
    if (count === 1) await tx.run(...auditStatement(entry));
    return count === 1;
  });

/** Teams, who is in them, and which apps are theirs: ids and roles, nothing personal. */
export const teams = (db: Database) => ({
  find: async (teamId: string): Promise<Team | undefined> => (await db.read<Team>(FIND, [teamId]))[0],

  ofAccount: (accountId: string): Promise<(Team & { role: TeamRole })[]> => db.read(OF_ACCOUNT, [accountId]),

  /** False when there is a team of that id already. */
  create: (team: Omit<Team, "sandboxInstallationId">, owner: TeamMember, entry: AuditEntry): Promise<boolean> =>
    db.transaction(async (tx) => {
      const { teamId, region, createdAt } = team;
      const { count } = await tx.run(CREATE, [teamId, region, createdAt]);
      if (count === 0) return false;
      await tx.run(ADD_MEMBER, [teamId, owner.accountId, owner.accountRegion, owner.role, owner.createdAt]);
      await tx.run(...auditStatement(entry));
      return true;
    }),

  /** False when it had one already. */
  setSandbox: async (teamId: string, installationId: number): Promise<boolean> =>
    (await db.batch([[SET_SANDBOX, [teamId, installationId]]]))[0]?.count === 1,

  members: (teamId: string): Promise<TeamMember[]> => db.read(MEMBERS, [teamId]),

  /** False when the account was in the team already, or the team is gone. */
  addMember: ({ teamId, accountId, accountRegion, role, createdAt }: TeamMember, entry: AuditEntry): Promise<boolean> =>
    changed(db, teamId, [ADD_MEMBER, [teamId, accountId, accountRegion, role, createdAt]], entry),

  /** False when the account is not in the team, or is its last owner. */
  changeRole: (teamId: string, accountId: string, role: TeamRole, entry: AuditEntry): Promise<boolean> =>
    changed(db, teamId, [CHANGE_ROLE, [teamId, accountId, role]], entry),

  /** False when the account is not in the team, or is its last owner. */
  removeMember: (teamId: string, accountId: string, entry: AuditEntry): Promise<boolean> =>
    changed(db, teamId, [REMOVE_MEMBER, [teamId, accountId]], entry),

  apps: (teamId: string, after: string, limit: number): Promise<TeamApp[]> => db.read(APPS, [teamId, after, limit]),

  findApp: async (clientId: string): Promise<TeamApp | undefined> => (await db.read<TeamApp>(FIND_APP, [clientId]))[0],

  /** The team of an app and where its profile lives, in one read. */
  homeOfApp: async (clientId: string): Promise<Pick<Team, "teamId" | "region"> | undefined> =>
    (await db.read<Pick<Team, "teamId" | "region">>(HOME_OF_APP, [clientId]))[0],

  addApp: async ({
    clientId,
    teamId,
    platform,
    createdAt,
  }: Omit<TeamApp, "suspendedFrom" | "suspendedVersion">): Promise<void> => {
    await db.batch([[ADD_APP, [clientId, teamId, platform, createdAt]]]);
  },

  setSuspended: async (clientId: string, from: string, version: number): Promise<void> => {
    await db.batch([[SET_SUSPENDED, [clientId, from, version]]]);
  },

  removeApp: async (clientId: string): Promise<void> => {
    await db.batch([[REMOVE_APP, [clientId]]]);
  },
});
