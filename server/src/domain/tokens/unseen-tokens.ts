import { LRUCache } from "lru-cache";
import type { DirectoryStore } from "../../store/directory/directory.ts";

/** As long as an app may reasonably try again; a code is late by then anyway. */
const KEPT_SECONDS = 24 * 60 * 60;

const KEPT_MAX = 10_000;

/**
 * Tokens that may exist although nobody was told them: the COMMIT was cut off from its answer, and its region was gone
 * when it was asked for the outcome. Who comes again with what such a token was traded for is no thief.
 */
export interface UnseenTokens {
  /** `spentHash`: of the code or refresh token; `madeHash`: of what it was traded for. Never throws. */
  note(spentHash: string, madeHash: string): Promise<void>;
  /** Hashes of what `spentHash` may have been traded for without anybody's knowing. */
  find(spentHash: string): Promise<string[]>;
}

/**
 * Told to every server by the directory, because the app's next try may reach another one. While the directory is down too,
 * only this process knows, until it ends.
 */
export function createUnseenTokens(directory: DirectoryStore, now: () => number): UnseenTokens {
  const own = new LRUCache<string, string[]>({ max: KEPT_MAX });
  return {
    async note(spentHash, madeHash) {
      own.set(spentHash, [...(own.get(spentHash) ?? []), madeHash]);
      await directory.unseenTokens.note(spentHash, madeHash, now() + KEPT_SECONDS).catch(() => {});
    },

    async find(spentHash) {
      const elsewhere = await directory.unseenTokens.find(spentHash, now()).catch(() => []);
      return [...new Set([...(own.get(spentHash) ?? []), ...elsewhere])];
    },
  };
}
