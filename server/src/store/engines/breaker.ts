import { DatabaseUnavailable } from "../database.ts";

/** While a database is down, one caller in this time tries it; the others need not wait to hear what is known. */
const PROBE_EVERY_MILLISECONDS = 500;

/**
 * Stands before every connection that is opened: after a failure, callers are refused at once except for one probe in
 * half a second, until one succeeds.
 */
export function createBreaker(database: string) {
  let cause: unknown;
  let probeAt = 0;
  let down = false;

  return async function guarded<T>(connect: () => Promise<T>): Promise<T> {
    if (down && performance.now() < probeAt) throw new DatabaseUnavailable(database, "not-done", cause);
    probeAt = performance.now() + PROBE_EVERY_MILLISECONDS;
    try {
      const connection = await connect();
      down = false;
      return connection;
    } catch (error) {
      down = true;
      cause = error;
      throw new DatabaseUnavailable(database, "not-done", error);
    }
  };
}
