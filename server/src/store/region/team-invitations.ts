import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database, Statement } from "../database.ts";
import type { TeamRole } from "../directory/teams.ts";

/** One row of `team_invitation`. Times are seconds since 1970 UTC. The link's secret itself is never stored. */
export interface TeamInvitation {
  invitationHash: string;
  teamId: string;
  /** As it was typed. */
  email: string;
  role: TeamRole;
  /** An account's id. */
  invitedBy: string;
  createdAt: number;
  expiresAt: number;
}

const COLUMNS = `invitation_hash AS "invitationHash", team_id AS "teamId", email, role, invited_by AS "invitedBy",
  created_at AS "createdAt", expires_at AS "expiresAt"`;
const MAKE = `INSERT INTO team_invitation (invitation_hash, team_id, email, role, invited_by, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;
const FIND_LIVE = `SELECT ${COLUMNS} FROM team_invitation WHERE invitation_hash = $1 AND expires_at > $2`;
const OF_TEAM = `SELECT ${COLUMNS} FROM team_invitation WHERE team_id = $1 AND expires_at > $2
  ORDER BY created_at, invitation_hash LIMIT 200`;
const REMOVE = `DELETE FROM team_invitation WHERE team_id = $1 AND invitation_hash = $2`;
const REMOVE_OF_EMAIL = `DELETE FROM team_invitation WHERE team_id = $1 AND email = $2`;
const REMOVE_LATE = `DELETE FROM team_invitation WHERE team_id = $1 AND expires_at <= $2`;

export const teamInvitations = (db: Database) => ({
  /** Replaces what was sent to the same address before. `also`: what queues the mail. */
  make: async (invitation: TeamInvitation, entry: AuditEntry, also: readonly Statement[]): Promise<void> => {
    const { invitationHash, teamId, email, role, invitedBy, createdAt, expiresAt } = invitation;
    await db.batch([
      [REMOVE_LATE, [teamId, createdAt]],
      [REMOVE_OF_EMAIL, [teamId, email]],
      [MAKE, [invitationHash, teamId, email, role, invitedBy, createdAt, expiresAt]],
      auditStatement(entry),
      ...also,
    ]);
  },

  findLive: async (invitationHash: string, now: number): Promise<TeamInvitation | undefined> =>
    (await db.read<TeamInvitation>(FIND_LIVE, [invitationHash, now]))[0],

  ofTeam: (teamId: string, now: number): Promise<TeamInvitation[]> => db.read(OF_TEAM, [teamId, now]),

  /** False when it was gone already. */
  remove: (teamId: string, invitationHash: string, entry: AuditEntry): Promise<boolean> =>
    db.transaction(async (tx) => {
      const { count } = await tx.run(REMOVE, [teamId, invitationHash]);
      if (count === 1) await tx.run(...auditStatement(entry));
      return count === 1;
    }),

  removeOfEmail: async (teamId: string, email: string): Promise<void> => {
    await db.batch([[REMOVE_OF_EMAIL, [teamId, email]]]);
  },
});
