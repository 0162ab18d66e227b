import { LRUCache } from "lru-cache";
import type { Deps } from "../../deps.ts";
import { OAuthError } from "../../errors.ts";
import type { DirectoryStore } from "../../store/directory/directory.ts";

const HOUR_SECONDS = 3_600;

/** Begins the key of a window that is longer than an hour, so that housekeeping can tell it. */
export const LONG_WINDOW = "day-";

/** How many failures a window allows; the next try of any kind is refused until the window ends (wire section 4). */
export interface FailureLimit {
  name: string;
  failuresMax: number;
  /** A day at most: housekeeping keeps none longer. */
  windowSeconds: number;
}

export const ACCOUNT_LOGINS: FailureLimit = { name: "account", failuresMax: 20, windowSeconds: HOUR_SECONDS };
export const ADDRESS_LOGINS: FailureLimit = { name: "login", failuresMax: 300, windowSeconds: HOUR_SECONDS };
export const ADDRESS_EXCHANGES: FailureLimit = { name: "exchange", failuresMax: 120, windowSeconds: 60 };

export interface Window {
  windowStartedAt: number;
  failures: number;
}

/** Seconds until the window ends when its failures are used up, else 0. */
export function secondsBlocked(limit: FailureLimit, window: Window | undefined, now: number): number {
  if (!window || window.failures < limit.failuresMax) return 0;
  return Math.max(0, window.windowStartedAt + limit.windowSeconds - now);
}

/** Addresses are personal, so budgets know them only under an HMAC. `address` is an IPv4 address or an IPv6 /64. */
export const addressBudgetKey = (deps: Deps, limit: FailureLimit, address: string): string =>
  keyOf(limit, deps.keys.hmac("address-pepper", address));

/** An e-mail that was typed may be nobody's, or somebody's of another region, so budgets know it only under an HMAC. */
export const emailBudgetKey = (deps: Pick<Deps, "keys">, limit: FailureLimit, emailKey: string): string =>
  keyOf(limit, deps.keys.hmac("email-budget", emailKey));

const keyOf = ({ name, windowSeconds }: FailureLimit, whose: string): string =>
  `${windowSeconds > HOUR_SECONDS ? LONG_WINDOW : ""}${name}:${whose}`;

export const tooManyTries = (seconds: number) =>
  new OAuthError("slow_down", `Too many failed tries. Try again in ${minutes(seconds)}.`, {
    retryAfterSeconds: seconds,
  });

export const minutes = (seconds: number): string => {
  const count = Math.max(1, Math.ceil(seconds / 60));
  return count === 1 ? "a minute" : `${count} minutes`;
};

/** Counts one more of what is limited, whoever asks. @returns the seconds to wait before the next one; 0: none, or there are no limits. */
export async function countOneMore(deps: Deps, limit: FailureLimit, key: string): Promise<number> {
  const now = deps.now();
  const window = await deps.directory.budgets.count(key, now, limit.windowSeconds);
  return deps.config.limits && window.failures > limit.failuresMax ? secondsBlocked(limit, window, now) : 0;
}

/** Who must wait before the next exchange. */
export interface ExchangeBudget {
  /** @throws {OAuthError} `slow_down`: the address has used up its failures, and even a good exchange must wait. */
  requireSome(deps: Deps, address: string): void;
  /** Runs `exchange` and counts its failure. @throws {OAuthError} what it throws, or `slow_down` once too often */
  counting<T>(deps: Deps, address: string, exchange: () => Promise<T>): Promise<T>;
  /** To be called when a server tells that an address has used up its failures. @throws {DatabaseUnavailable} */
  learn(budgetKey: string): Promise<void>;
}

/**
 * The exchanges' guard. Only failures are written, and only a failure asks the directory: a success costs no trip,
 * because addresses that are over their budget are remembered here until their window ends. Which those are, servers
 * tell each other as they do of changed apps; that is written once, by the failure that uses up the budget.
 */
export function createExchangeBudget(directory: DirectoryStore): ExchangeBudget {
  const blockedUntil = new LRUCache<string, number>({ max: 10_000 });
  const remember = (key: string, window: Window) =>
    blockedUntil.set(key, window.windowStartedAt + ADDRESS_EXCHANGES.windowSeconds);

  /** Without a directory nothing is counted: a limit that cannot be kept must not turn refusals into outages. */
  async function countFailure(deps: Deps, key: string, now: number): Promise<Window | undefined> {
    try {
      const window = await directory.budgets.count(key, now, ADDRESS_EXCHANGES.windowSeconds);
      if (window.failures >= ADDRESS_EXCHANGES.failuresMax) remember(key, window);
      if (window.failures === ADDRESS_EXCHANGES.failuresMax) await directory.changes.tell("budget", key, now);
      return window;
    } catch (error) {
      deps.log.warn({ err: error }, "a failed exchange could not be counted");
      return undefined;
    }
  }

  return {
    requireSome(deps, address) {
      if (!deps.config.limits || blockedUntil.size === 0) return;
      const left = (blockedUntil.get(addressBudgetKey(deps, ADDRESS_EXCHANGES, address)) ?? 0) - deps.now();
      if (left > 0) throw tooManyTries(left);
    },

    async counting(deps, address, exchange) {
      if (!deps.config.limits) return exchange();
      const now = deps.now();
      try {
        return await exchange();
      } catch (error) {
        if (!(error instanceof OAuthError) || error.status >= 429) throw error;
        const window = await countFailure(deps, addressBudgetKey(deps, ADDRESS_EXCHANGES, address), now);
        // One more than allowed is refused here; the last allowed one gets its own answer, and those after it are stopped above.
        if (window && window.failures > ADDRESS_EXCHANGES.failuresMax)
          throw tooManyTries(secondsBlocked(ADDRESS_EXCHANGES, window, now));
        throw error;
      }
    },

    async learn(budgetKey) {
      const window = await directory.budgets.find(budgetKey);
      if (window && window.failures >= ADDRESS_EXCHANGES.failuresMax) remember(budgetKey, window);
    },
  };
}
