import { DatabaseUnavailable } from "../database.ts";

/** While a database does not answer, one caller in this time tries it; the others need not wait to hear what is known. */
const PROBE_EVERY_MILLISECONDS = 500;

/** One late answer may be a matter of chance; so many in a row are not. */
const LATE_MAX = 3;

/** What is known of whether a database answers. */
export interface Breaker {
  /** @throws {DatabaseUnavailable} at once, while it is known not to answer, for all but one caller in half a second. */
  admit(): void;
  isOpen(): boolean;
  /** An answer came, in time. */
  answered(): void;
  /** None came in time: the third in a row counts as {@link failed}. */
  late(cause: unknown): void;
  /** No connection could be made. */
  failed(cause: unknown): void;
}

/** Closed while the database answers; opened by a connection that fails, or by late answers; closed again by a probe that is answered in time. */
export function createBreaker(database: string): Breaker {
  let cause: unknown;
  let open = false;
  let probeAt = 0;
  let lateInARow = 0;

  const failed = (why: unknown) => {
    open = true;
    cause = why;
    probeAt = performance.now() + PROBE_EVERY_MILLISECONDS;
  };

  return {
    admit() {
      if (!open) return;
      if (performance.now() < probeAt) throw new DatabaseUnavailable(database, "not-done", cause);
      probeAt = performance.now() + PROBE_EVERY_MILLISECONDS;
    },
    isOpen: () => open,
    answered() {
      open = false;
      lateInARow = 0;
    },
    late(why) {
      if (++lateInARow >= LATE_MAX) failed(why);
    },
    failed,
  };
}
