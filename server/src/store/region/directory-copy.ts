import type { Database, Statement } from "../database.ts";

/** A row of the directory as the region keeps it. */
export interface CopiedRow {
  kind: CopiedKind;
  key: string;
  /** JSON; `undefined`: the directory has it no more. */
  body: unknown;
}

export type CopiedKind = "app" | "scope" | "api-credential" | "installation-route" | "signing-key";

/** How fresh a copy is. Times are seconds since 1970 UTC. */
export interface CopyState {
  /** Of the directory's last change that is in it. */
  seq: number;
  /** When it was last like the directory; 0: it is not whole. */
  takenAt: number;
}

const STATE = `SELECT seq, taken_at AS "takenAt" FROM directory_copy_state WHERE name = 'directory'`;
const CLAIM = `UPDATE directory_copy_state SET owner = $1, claimed_at = $2 WHERE name = 'directory' AND claimed_at <= $3
  RETURNING seq, taken_at AS "takenAt"`;
// Everything below happens only while nobody else has claimed the copy: a server that stood still writes nothing old.
const FINISH = `UPDATE directory_copy_state SET seq = $2, taken_at = $3 WHERE name = 'directory' AND owner = $1`;
const PUT = `INSERT INTO directory_copy (kind, copy_key, body)
  SELECT CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT) FROM directory_copy_state
  WHERE name = 'directory' AND owner = $1
  ON CONFLICT (kind, copy_key) DO UPDATE SET body = excluded.body`;
const REMOVE = `DELETE FROM directory_copy WHERE kind = $2 AND copy_key = $3 AND EXISTS (
  SELECT 1 FROM directory_copy_state WHERE name = 'directory' AND owner = $1)`;
const EMPTY = `DELETE FROM directory_copy WHERE copy_key IN (
  SELECT copy_key FROM directory_copy WHERE EXISTS (
    SELECT 1 FROM directory_copy_state WHERE name = 'directory' AND owner = $1) LIMIT 500)`;
const PAGE = `SELECT copy_key AS "key", body FROM directory_copy WHERE kind = $1 AND copy_key > $2
  ORDER BY copy_key LIMIT $3`;

const ROWS_PER_BATCH = 200;

/** The region's copy of the directory. */
export const directoryCopy = (db: Database) => ({
  state: async (): Promise<CopyState> =>
    (await db.read<{ seq: number; takenAt: number }>(STATE, []))[0] ?? { seq: 0, takenAt: 0 },

  /** Makes the copy the caller's to refresh, unless somebody claimed it after `claimedBefore`; answers how it stands. */
  claim: async (owner: string, now: number, claimedBefore: number): Promise<CopyState | undefined> => {
    const [claimed] = await db.batch([[CLAIM, [owner, now, claimedBefore]]]);
    return claimed?.rows[0] as unknown as CopyState | undefined;
  },

  /** Removes all rows; until `finish` nobody starts from the copy. */
  empty: async (owner: string): Promise<void> => {
    await db.batch([[FINISH, [owner, 0, 0]]]);
    while (((await db.batch([[EMPTY, [owner]]]))[0]?.count ?? 0) > 0);
  },

  write: async (owner: string, rows: readonly CopiedRow[]): Promise<void> => {
    for (let from = 0; from < rows.length; from += ROWS_PER_BATCH)
      await db.batch(
        rows
          .slice(from, from + ROWS_PER_BATCH)
          .map(
            ({ kind, key, body }): Statement =>
              body === undefined ? [REMOVE, [owner, kind, key]] : [PUT, [owner, kind, key, JSON.stringify(body)]],
          ),
      );
  },

  /** The copy is now as the directory was at `takenAt`. False when somebody else has claimed it. */
  finish: async (owner: string, { seq, takenAt }: CopyState): Promise<boolean> =>
    (await db.batch([[FINISH, [owner, seq, takenAt]]]))[0]?.count === 1,

  /** All rows of a kind, by key. */
  all: async <T>(kind: CopiedKind): Promise<Map<string, T>> => {
    const found = new Map<string, T>();
    for (let after = ""; ; ) {
      const rows = await db.read<{ key: string; body: string }>(PAGE, [kind, after, ROWS_PER_BATCH]);
      for (const { key, body } of rows) found.set(key, JSON.parse(body));
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_PER_BATCH) return found;
      after = last.key;
    }
  },
});
