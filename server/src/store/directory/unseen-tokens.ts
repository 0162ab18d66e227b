import type { Database } from "../database.ts";

const NOTE = `INSERT INTO unseen_token (spent_hash, made_hash, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`;
const FIND = `SELECT made_hash AS "madeHash" FROM unseen_token WHERE spent_hash = $1 AND expires_at > $2`;
const PURGE = `DELETE FROM unseen_token WHERE spent_hash IN
  (SELECT spent_hash FROM unseen_token WHERE expires_at < $1 LIMIT 500) AND expires_at < $1`;

/** What exchanges may have made whose answer was lost: pairs of hashes. Times are seconds since 1970 UTC. */
export const unseenTokens = (db: Database) => ({
  note: async (spentHash: string, madeHash: string, expiresAt: number): Promise<void> => {
    await db.batch([[NOTE, [spentHash, madeHash, expiresAt]]]);
  },

  find: async (spentHash: string, now: number): Promise<string[]> =>
    (await db.read<{ madeHash: string }>(FIND, [spentHash, now])).map(({ madeHash }) => madeHash),

  purge: async (expiredBefore: number) => (await db.batch([[PURGE, [expiredBefore]]]))[0]?.count ?? 0,
});
