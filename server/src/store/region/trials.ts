import type { Database } from "../database.ts";
import { installationStays } from "./moving.ts";

const ADD_LOGIN = `INSERT INTO trial_login (trial_id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
const BEGIN = `UPDATE trial_login SET started_at = $2 WHERE trial_id = $1 AND started_at IS NULL AND expires_at > $2`;
const END = `UPDATE trial_login SET returned_at = $2
  WHERE trial_id = $1 AND started_at IS NOT NULL AND returned_at IS NULL AND expires_at > $2`;
const FIND_LOGIN = `SELECT started_at AS "startedAt" FROM trial_login WHERE trial_id = $1`;
const PURGE_LOGINS = `DELETE FROM trial_login WHERE trial_id IN
  (SELECT trial_id FROM trial_login WHERE expires_at < $1 LIMIT 500)`;

const KEEP = `INSERT INTO trial (trial_id, sealed, expires_at, version) VALUES ($1, $2, $3, 1) ON CONFLICT DO NOTHING`;
const FIND = `SELECT sealed, version FROM trial WHERE trial_id = $1 AND expires_at > $2`;
const CHANGE = `UPDATE trial SET sealed = $3, version = version + 1 WHERE trial_id = $1 AND version = $2`;
// Of the one code of a trial, whose developer does not want to wait for its end.
const END_CODE = `UPDATE code SET expires_at = $3 WHERE code_hash = $1 AND login_id = $2 AND expires_at > $3
  AND ${installationStays("code.installation_id")}`;
const PURGE = `DELETE FROM trial WHERE trial_id IN (SELECT trial_id FROM trial WHERE expires_at < $1 LIMIT 500)`;

/** Logins by which developers try their own app. Times are seconds since 1970 UTC. */
export const trials = (db: Database) => {
  const counted = async (sql: string, params: (string | number)[]) => (await db.batch([[sql, params]]))[0]?.count ?? 0;

  return {
    addLogin: (trialId: string, expiresAt: number) => counted(ADD_LOGIN, [trialId, expiresAt]),

    /** Answers exactly one caller, and nobody when it is late. */
    begin: async (trialId: string, at: number): Promise<boolean> => (await counted(BEGIN, [trialId, at])) === 1,

    /** When it began, to exactly one caller; `undefined` to the others, and when it never began or is late. */
    end: async (trialId: string, at: number): Promise<number | undefined> => {
      if ((await counted(END, [trialId, at])) === 0) return undefined;
      return (await db.read<{ startedAt: number }>(FIND_LOGIN, [trialId]))[0]?.startedAt;
    },

    keep: (trialId: string, sealed: string, expiresAt: number) => counted(KEEP, [trialId, sealed, expiresAt]),

    find: async (trialId: string, now: number): Promise<{ sealed: string; version: number } | undefined> =>
      (await db.read<{ sealed: string; version: number }>(FIND, [trialId, now]))[0],

    /** False when somebody changed it since `version`. */
    change: async (trialId: string, version: number, sealed: string): Promise<boolean> =>
      (await counted(CHANGE, [trialId, version, sealed])) === 1,

    /** False when it had ended, is another login's, or its installation is on the move. */
    endCode: async (codeHash: string, trialId: string, at: number): Promise<boolean> =>
      (await counted(END_CODE, [codeHash, trialId, at])) === 1,

    /** At most 500 of each in one go. */
    purge: async (before: number): Promise<number> => {
      const purged = await db.batch([
        [PURGE_LOGINS, [before]],
        [PURGE, [before]],
      ]);
      return purged.reduce((sum, { count }) => sum + count, 0);
    },
  };
};
