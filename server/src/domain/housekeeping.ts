import type { Deps } from "../deps.ts";
import { LONG_WINDOW } from "./login/failure-budgets.ts";
import { purgeSessions } from "./login/sessions.ts";
import type { Region } from "./regions/regions.ts";

const EVERY_MILLISECONDS = 10 * 60 * 1_000;
const DAY_SECONDS = 24 * 60 * 60;
/** Windows of an hour or less, which hold the HMACs of addresses, and those of a day. */
const BUDGET_KEPT_SECONDS = 2 * 60 * 60;
const LONG_BUDGET_KEPT_SECONDS = DAY_SECONDS;
/** A server that was away longer reads everything anew. */
const CHANGES_KEPT_SECONDS = 7 * DAY_SECONDS;
/** What has ended is kept a day, so that "expired" and "already used" can still be told from "unknown". */
const ENDED_KEPT_SECONDS = DAY_SECONDS;
/** What the portal tells of logins one by one; the hours stay. */
const TIMELINE_KEPT_SECONDS = 30 * DAY_SECONDS;

/**
 * Removes what has ended. Nothing depends on it: expiry is in the `WHERE` of whatever reads; without it the tables
 * would only grow. Runs in small pieces, on every server; two at once only find less to do.
 */
export function startHousekeeping(deps: Deps): { stop(): void } {
  const timer = setInterval(() => void cleanUp(deps), EVERY_MILLISECONDS).unref();
  return { stop: () => clearInterval(timer) };
}

export async function cleanUp(deps: Deps): Promise<void> {
  const jobs: [place: string, purge: () => Promise<number>][] = [
    ["directory", () => purgeBudgets(deps.directory.budgets, deps.now())],
    ["directory", () => deps.directory.unseenTokens.purge(deps.now())],
    ["directory", () => deps.directory.changes.purge(deps.now() - CHANGES_KEPT_SECONDS)],
    ...deps.regions.all.flatMap((region) =>
      purges(region).map((purge) => [region.name, purge] as [string, typeof purge]),
    ),
  ];
  for (const [place, purge] of jobs) {
    try {
      while ((await purge()) > 0) if (deps.stopping.aborted) return;
    } catch (error) {
      deps.log.warn({ err: error, place }, "what has ended could not be removed; the next round tries again");
    }
  }
}

const purgeBudgets = (budgets: Region["store"]["budgets"], now: number): Promise<number> =>
  budgets.purge(now - BUDGET_KEPT_SECONDS, LONG_WINDOW, now - LONG_BUDGET_KEPT_SECONDS);

function purges(region: Region): (() => Promise<number>)[] {
  const { budgets, codes, loginEvents, links, refreshTokens, signUps, tokens, trials } = region.store;
  const endedBefore = () => region.now() - ENDED_KEPT_SECONDS;
  return [
    () => purgeSessions(region),
    () => codes.purge(endedBefore()),
    () => links.purge(endedBefore()),
    () => signUps.purge(endedBefore()),
    () => loginEvents.purge(region.now() - TIMELINE_KEPT_SECONDS),
    () => tokens.purge(endedBefore()),
    () => refreshTokens.purge(endedBefore()),
    () => trials.purge(region.now()),
    () => purgeBudgets(budgets, region.now()),
  ];
}
