import { DatabaseUnavailable } from "../database.ts";

/** A transaction holds rows, a connection, or SQLite's only writer. One that waits for something else than `tx` would hold them for ever. */
const TRANSACTION_MILLISECONDS_MAX = 10_000;

/** The result of a transaction's work. @throws {DatabaseUnavailable} `not-done`, when it took too long. */
export async function withinTimeLimit<T>(database: string, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new DatabaseUnavailable(database, "not-done", new Error("A transaction took too long.")));
  }, TRANSACTION_MILLISECONDS_MAX);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
