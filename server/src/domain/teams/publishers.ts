import { LRUCache } from "lru-cache";
import type { Deps } from "../../deps.ts";
import type { TeamProfile } from "../../store/region/team-profiles.ts";

/** Who stands behind an app, as those who log in to it see it. Addresses may be empty. */
export type ShownPublisher = Pick<TeamProfile, "publisherName" | "publisherUrl" | "privacyUrl" | "termsUrl">;

/**
 * The publishers of apps, for the pages of logins. They are personal and live in their team's region: here they are kept
 * in memory for a minute, so that a login asks for them seldom, and never waits long or fails for them.
 */
export interface Publishers {
  /** The publisher, or `undefined`: there is none, or it cannot be had within a moment. Never throws. */
  of(clientId: string): Promise<ShownPublisher | undefined>;
  /** What is at hand, for pages that ask no database. */
  known(clientId: string): ShownPublisher | undefined;
  /** Of a team whose publisher was changed by this process. Others see it within a minute. */
  forget(teamId: string): void;
}

const FRESH_MILLISECONDS = 60_000;
/** A region that does not answer is not asked again by each login. */
const FAILED_MILLISECONDS = 5_000;
const DEADLINE_MILLISECONDS = 250;
const APPS_MAX = 2_000;

interface Kept {
  teamId: string | undefined;
  publisher: ShownPublisher | undefined;
  freshUntil: number;
}

export function createPublishers({ directory, regions, log }: Pick<Deps, "directory" | "regions" | "log">): Publishers {
  const kept = new LRUCache<string, Kept>({ max: APPS_MAX });
  const underWay = new Map<string, Promise<void>>();

  async function read(clientId: string): Promise<void> {
    const before = kept.get(clientId);
    try {
      const home = await directory.teams.homeOfApp(clientId);
      const profile = home && (await regions.find(home.region)?.store.teamProfiles.find(home.teamId));
      const publisher = profile && profile.publisherName !== "" ? profile : undefined;
      kept.set(clientId, { teamId: home?.teamId, publisher, freshUntil: performance.now() + FRESH_MILLISECONDS });
    } catch (error) {
      log.warn({ err: error, clientId }, "the publisher of an app cannot be read");
      const freshUntil = performance.now() + FAILED_MILLISECONDS;
      kept.set(clientId, { teamId: before?.teamId, publisher: before?.publisher, freshUntil });
    }
  }

  /** One reading of an app at a time, whoever waits for it. */
  function reading(clientId: string): Promise<void> {
    const already = underWay.get(clientId);
    if (already) return already;
    const now = read(clientId).finally(() => underWay.delete(clientId));
    underWay.set(clientId, now);
    return now;
  }

  return {
    async of(clientId) {
      const found = kept.get(clientId);
      if (!found || found.freshUntil <= performance.now()) await within(DEADLINE_MILLISECONDS, reading(clientId));
      return kept.get(clientId)?.publisher;
    },
    known: (clientId) => kept.get(clientId)?.publisher,
    forget(teamId) {
      for (const [clientId, one] of kept.entries()) if (one.teamId === teamId) kept.delete(clientId);
    },
  };
}

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([work, late]);
  clearTimeout(timer);
}
