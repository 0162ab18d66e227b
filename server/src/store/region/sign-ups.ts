import type { Database, Statement } from "../database.ts";

/** One row of `sign_up`. Times are seconds since 1970 UTC. Neither the sign-up's secret nor its code is stored. */
export interface SignUpRecord {
  signUpHash: string;
  codeHash: string;
  createdAt: number;
  expiresAt: number;
}

const REMOVE = "DELETE FROM sign_up WHERE sign_up_hash = $1";
const MAKE = `INSERT INTO sign_up (sign_up_hash, code_hash, tries, created_at, expires_at) VALUES ($1, $2, 0, $3, $4)`;
// The try is spent before the code is compared: of any number of guesses at once no more are looked at than are allowed.
const TRY = `UPDATE sign_up SET tries = tries + 1
  WHERE sign_up_hash = $1 AND proven_at IS NULL AND expires_at > $2 AND tries < $3
  RETURNING code_hash AS "codeHash", tries`;
const PROVE = `UPDATE sign_up SET proven_at = $2, expires_at = $3
  WHERE sign_up_hash = $1 AND proven_at IS NULL AND expires_at > $2`;
const FIND_LIVE = `SELECT CASE WHEN proven_at IS NULL THEN 0 ELSE 1 END AS proven FROM sign_up
  WHERE sign_up_hash = $1 AND expires_at > $2`;
const PURGE = `DELETE FROM sign_up WHERE sign_up_hash IN
  (SELECT sign_up_hash FROM sign_up WHERE expires_at <= $1 ORDER BY expires_at LIMIT 500)`;

/** E-mails that are being proven. */
export const signUps = (db: Database) => ({
  /** @param ended the sign-up that this one takes the place of. `also`: what queues the mail. */
  make: async (record: SignUpRecord, ended: string | undefined, also: readonly Statement[]): Promise<void> => {
    const { signUpHash, codeHash, createdAt, expiresAt } = record;
    await db.batch([[REMOVE, [ended ?? signUpHash]], [MAKE, [signUpHash, codeHash, createdAt, expiresAt]], ...also]);
  },

  /** Spends one of `triesMax`; `undefined` when none is left, or it is unknown, expired or proven already. */
  spendTry: async (signUpHash: string, now: number, triesMax: number) => {
    const [spent] = await db.batch([[TRY, [signUpHash, now, triesMax]]]);
    return spent?.rows[0] as { codeHash: string; tries: number } | undefined;
  },

  prove: async (signUpHash: string, now: number, expiresAt: number): Promise<void> => {
    await db.batch([[PROVE, [signUpHash, now, expiresAt]]]);
  },

  /** `undefined`: unknown or expired. */
  findLive: async (signUpHash: string, now: number): Promise<{ proven: boolean } | undefined> => {
    const [row] = await db.read<{ proven: number }>(FIND_LIVE, [signUpHash, now]);
    return row && { proven: row.proven === 1 };
  },

  /** Forgets up to 500 whose time is over. */
  purge: async (now: number): Promise<number> => (await db.batch([[PURGE, [now]]]))[0]?.count ?? 0,
});
