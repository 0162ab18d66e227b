import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database } from "../database.ts";

/** One row of `team_profile`: what a team and its publisher are called. An empty `publisherName`: not set yet. */
export interface TeamProfile {
  teamId: string;
  name: string;
  publisherName: string;
  publisherUrl: string;
  privacyUrl: string;
  termsUrl: string;
  publisherEmail: string;
  createdAt: number;
  updatedAt: number;
  version: number;
}

const FIND = `SELECT team_id AS "teamId", name, publisher_name AS "publisherName", publisher_url AS "publisherUrl",
  privacy_url AS "privacyUrl", terms_url AS "termsUrl", publisher_email AS "publisherEmail",
  created_at AS "createdAt", updated_at AS "updatedAt", version FROM team_profile WHERE team_id = $1`;
const CREATE = `INSERT INTO team_profile (team_id, name, publisher_name, publisher_url, privacy_url, terms_url,
    publisher_email, created_at, updated_at, version)
  VALUES ($1, $2, '', '', '', '', '', $3, $3, 1) ON CONFLICT DO NOTHING`;
const CHANGE = `UPDATE team_profile SET name = $2, publisher_name = $3, publisher_url = $4, privacy_url = $5,
    terms_url = $6, publisher_email = $7, updated_at = $8, version = version + 1
  WHERE team_id = $1 AND version = $9`;

export const teamProfiles = (db: Database) => ({
  find: async (teamId: string): Promise<TeamProfile | undefined> => (await db.read<TeamProfile>(FIND, [teamId]))[0],

  create: async (teamId: string, name: string, at: number): Promise<void> => {
    await db.batch([[CREATE, [teamId, name, at]]]);
  },

  /** False when the row is no longer at `profile.version`. */
  change: (profile: TeamProfile, entry: AuditEntry): Promise<boolean> =>
    db.transaction(async (tx) => {
      const { teamId, name, publisherName, publisherUrl, privacyUrl, termsUrl, publisherEmail } = profile;
      const { count } = await tx.run(CHANGE, [
        teamId,
        name,
        publisherName,
        publisherUrl,
        privacyUrl,
        termsUrl,
        publisherEmail,
        profile.updatedAt,
        profile.version,
      ]);
      if (count === 1) await tx.run(...auditStatement(entry));
      return count === 1;
    }),
});
