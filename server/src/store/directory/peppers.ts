import type { AuditEntry } from "../audit.ts";
import type { Database } from "../database.ts";
import { writeAndTell } from "./changes.ts";

/** One row of `pepper`: what e-mails are keyed with. Generations count up from 1; the newest two at most are there. */
export interface PepperRecord {
  generation: number;
  /** Sealed by the caller. */
  sealedPepper: string;
  /** Seconds since 1970 UTC. */
  createdAt: number;
}

/** A key of an older pepper whose account has none of the newest. */
export interface StaleKey {
  emailKey: string;
  accountId: string;
  region: string;
}

const LIST = `SELECT generation, sealed_pepper AS "sealedPepper", created_at AS "createdAt" FROM pepper ORDER BY generation`;
// Two processes that start at once both make a pepper; the first one stays and both use it.
const ADD_FIRST = `INSERT INTO pepper (generation, sealed_pepper, created_at)
  SELECT 1, $1, $2 WHERE NOT EXISTS (SELECT 1 FROM pepper) ON CONFLICT DO NOTHING`;
// Never a third: $1 is the one after the only one there is.
const ADD_NEXT = `INSERT INTO pepper (generation, sealed_pepper, created_at)
  SELECT p.newest + 1, $2, $3 FROM (SELECT MAX(generation) AS newest, COUNT(*) AS peppers FROM pepper) p
  WHERE p.peppers = 1 AND p.newest + 1 = $1 ON CONFLICT DO NOTHING`;
const REMOVE_OLDER = `DELETE FROM pepper WHERE generation < $1`;

const STALE_KEYS = `SELECT k.email_key AS "emailKey", k.account_id AS "accountId", r.region
  FROM account_key k JOIN account_route r ON r.account_id = k.account_id
  WHERE k.generation = $1 AND k.email_key > $2
    AND NOT EXISTS (SELECT 1 FROM account_key n WHERE n.account_id = k.account_id AND n.generation = $3)
  ORDER BY k.email_key LIMIT $4`;
const CARRY_OVER = `INSERT INTO account_key (email_key, generation, account_id)
  SELECT $1, $2, account_id FROM account_key WHERE email_key = $3 ON CONFLICT DO NOTHING`;
const REMOVE_OLDER_KEYS = `DELETE FROM account_key WHERE email_key IN
  (SELECT email_key FROM account_key WHERE generation < $1 LIMIT 500)`;
const COUNT_KEYS = `SELECT generation, COUNT(*) AS "keys" FROM account_key GROUP BY generation ORDER BY generation`;

/** The peppers, and the keys made with them. */
export const peppers = (db: Database) => ({
  /** The older one first. Empty before the first start. */
  list: (): Promise<PepperRecord[]> => db.read<PepperRecord>(LIST, []),

  addFirst: async (sealedPepper: string, at: number): Promise<void> => {
    await db.batch([[ADD_FIRST, [sealedPepper, at]]]);
  },

  /** False when a rotation is under way, or `pepper` is not the one after the newest: somebody else was first. */
  addNext: (pepper: PepperRecord, entry: AuditEntry): Promise<boolean> =>
    writeAndTell(db, "pepper", String(pepper.generation), entry, [
      ADD_NEXT,
      [pepper.generation, pepper.sealedPepper, pepper.createdAt],
    ]),

  /** Forgets all peppers before `generation`. False when there are none. */
  removeOlder: (generation: number, entry: AuditEntry): Promise<boolean> =>
    writeAndTell(db, "pepper", String(generation), entry, [REMOVE_OLDER, [generation]]),

  /** Keys of the pepper `from` whose account has none of the pepper `to`, in the order of the keys, after `after`. */
  staleKeys: (from: number, to: number, after: string, limit: number): Promise<StaleKey[]> =>
    db.read<StaleKey>(STALE_KEYS, [from, after, to, limit]),

  /** Gives each account that has `key` under the older pepper the newer one too. */
  carryOver: async (generation: number, pairs: readonly { key: string; newer: string }[]): Promise<number> => {
    const results = await db.batch(pairs.map(({ key, newer }) => [CARRY_OVER, [newer, generation, key]] as const));
    return results.reduce((sum, { count }) => sum + count, 0);
  },

  /** Removes up to 500 keys of peppers before `generation` and says how many. */
  removeOlderKeys: async (generation: number): Promise<number> =>
    (await db.batch([[REMOVE_OLDER_KEYS, [generation]]]))[0]?.count ?? 0,

  /** How many accounts each pepper has keyed. */
  countKeys: (): Promise<{ generation: number; keys: number }[]> =>
    db.read<{ generation: number; keys: number }>(COUNT_KEYS, []),
});
