import { OAuthError } from "../../errors.ts";
import { isUnavailable } from "../unavailable.ts";

/** A trade of a code or refresh token for a new token, in a database that may be cut off before it answers. */
interface Trade<T> {
  attempt(): Promise<T | undefined>;
  /** Whether it happened after all; `undefined`: not yet. */
  findOut(): Promise<T | undefined>;
  /** Told when nobody can tell, or when it may still happen. */
  leftOpen(): Promise<void>;
}

/**
 * Trades once. `undefined` when the database refused it.
 *
 * @throws {OAuthError} `temporarily_unavailable`: nobody can tell now whether it was done, as its description says.
 */
export async function surely<T>({ attempt, findOut, leftOpen }: Trade<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch (cause) {
    if (!isUnavailable(cause) || cause.outcome !== "unknown") throw cause;
    const found = await findOut().catch((again) => {
      if (!isUnavailable(again)) throw again;
    });
    if (found) return found;
    await leftOpen();
    throw new OAuthError(
      "temporarily_unavailable",
      "The region is down; whether it was done is not known yet. Try again with the same request.",
      {
        retryAfterSeconds: 5,
      },
    );
  }
}
