import type { Logger } from "pino";
import type { ActiveToken } from "../../store/region/tokens.ts";
import type { Region } from "../regions/regions.ts";
import type { Timeline } from "../timeline/timeline.ts";

type UsedToken = Pick<ActiveToken, "clientId" | "installationId" | "issuedAt" | "firstUsedAt" | "lastUsedAt">;

/**
 * Keeps when tokens were used: the first time, which ends the timeline of their login, and the last time, to the hour.
 * Takes notes in memory and writes them each second; whoever checks a token does not wait, and a process that is killed
 * loses the last second.
 */
export interface TokenUses {
  /** A token is used now. Kept once, by whichever server is first. */
  note(region: Region, tokenHash: string, token: UsedToken, requestId: string): void;
  flush(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

interface Use {
  token: UsedToken;
  requestId: string;
}

const FLUSH_MILLISECONDS = 1_000;
/** What people are told is no finer than a day. */
const NEWS_AFTER_SECONDS = 3_600;
/** More than this in a second, and the rest is noted by their next uses. */
const WAITING_MAX = 5_000;
/** Two statements each, and a transaction stays below 200. */
const BATCH = 100;
/** The login of an older token is forgotten, and tokens of before first uses were kept are no news. */
const LOGIN_KNOWN_SECONDS = 30 * 24 * 3_600;

export function createTokenUses({ timeline, log }: { timeline: Timeline; log: Logger }): TokenUses {
  const waiting = new Map<Region, Map<string, Use>>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  async function flushRegion(region: Region): Promise<void> {
    const batch: [hash: string, Use][] = [];
    for (const use of waiting.get(region) ?? []) if (batch.push(use) === BATCH) break;
    if (batch.length === 0) return;
    const first = batch.filter(([, { token }]) => token.firstUsedAt === null);
    const again = batch.filter(([, { token }]) => token.firstUsedAt !== null);
    try {
      if (first.length > 0) await keepFirst(region, first);
      if (again.length > 0) await region.store.tokens.markUsedAgain(hashesOf(again), region.now());
    } catch (error) {
      log.warn({ err: error, region: region.name }, "uses of tokens could not be kept; their next ones are");
      waiting.delete(region);
      return;
    }
    for (const [hash] of batch) waiting.get(region)?.delete(hash);
    await flushRegion(region);
  }

  async function keepFirst(region: Region, uses: readonly [hash: string, Use][]): Promise<void> {
    const logins = await region.store.tokens.markUsed(hashesOf(uses), region.now());
    for (const [index, [, { token, requestId }]] of uses.entries()) {
      const loginId = logins[index];
      if (loginId === undefined || token.issuedAt < region.now() - LOGIN_KNOWN_SECONDS) continue;
      const { clientId, installationId } = token;
      timeline.note({
        clientId,
        loginId,
        step: "first_use",
        outcome: "ok",
        requestId,
        region: region.name,
        installationId,
      });
    }
  }

  const flush = () => {
    running = running.then(async () => {
      await Promise.all([...waiting.keys()].map(flushRegion));
    });
    return running;
  };

  return {
    note(region, tokenHash, token, requestId) {
      const { firstUsedAt, lastUsedAt } = token;
      if (firstUsedAt !== null && lastUsedAt !== null && lastUsedAt > region.now() - NEWS_AFTER_SECONDS) return;
      const uses = waiting.get(region) ?? new Map<string, Use>();
      waiting.set(region, uses);
      if (uses.size < WAITING_MAX && !uses.has(tokenHash)) uses.set(tokenHash, { token, requestId });
    },
    flush,
    start() {
      timer = setInterval(() => void flush(), FLUSH_MILLISECONDS).unref();
    },
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}

const hashesOf = (uses: readonly [hash: string, Use][]): string[] => uses.map(([hash]) => hash);
