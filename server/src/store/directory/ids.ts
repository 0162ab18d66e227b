import type { Database } from "../database.ts";

export type IdKind = "installation" | "user" | "company";

/** What a process takes at a time. What it has not handed out when it ends is never handed out: ids are not used again. */
const BLOCK = 64;
const ID_MAX = 2 ** 31 - 1;

const BEGIN = `INSERT INTO id_block (kind, next_id) VALUES ($1, 1) ON CONFLICT DO NOTHING`;
const TAKE = `UPDATE id_block SET next_id = next_id + ${BLOCK} WHERE kind = $1 AND next_id <= ${ID_MAX - BLOCK}
  RETURNING next_id - ${BLOCK} AS first`;

interface Block {
  next: number;
  end: number;
}

/** Numbers from 1 to 2^31-1, unique across all regions, handed out in blocks so that most cost no query. */
export const ids = (db: Database) => {
  const blocks = new Map<IdKind, Block>();
  const taking = new Map<IdKind, Promise<void>>();

  const takeBlock = async (kind: IdKind) => {
    const [, taken] = await db.batch([
      [BEGIN, [kind]],
      [TAKE, [kind]],
    ]);
    const first = Number(taken?.rows[0]?.first ?? 0);
    if (first < 1) throw new Error(`The directory has no ids left for another ${kind}.`);
    blocks.set(kind, { next: first, end: first + BLOCK });
  };

  const next = async (kind: IdKind): Promise<number> => {
    const block = blocks.get(kind);
    if (block && block.next < block.end) return block.next++;
    // Whoever comes while a block is being taken waits for that one.
    const wait = taking.get(kind) ?? takeBlock(kind).finally(() => taking.delete(kind));
    taking.set(kind, wait);
    await wait;
    return next(kind);
  };

  return { next };
};
