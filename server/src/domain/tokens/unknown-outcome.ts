import { OAuthError } from "../../errors.ts";
import { isUnavailable } from "../unavailable.ts";

/**
 * Does `attempt`; when the database was cut off before it answered, `findOut` tells whether it happened after all.
 *
 * @throws {OAuthError} `temporarily_unavailable`: not done, or (its description says so) nobody can tell now.
 */
export async function surely<T>(attempt: () => Promise<T>, findOut: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    if (!isUnavailable(cause) || cause.outcome !== "unknown") throw cause;
    try {
      return await findOut();
    } catch (again) {
      if (!isUnavailable(again)) throw again;
      throw new OAuthError(
        "temporarily_unavailable",
        "The region is down; whether the code was spent is not known yet.",
        {
          retryAfterSeconds: 5,
        },
      );
    }
  }
}
