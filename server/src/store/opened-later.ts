import { type Database, DatabaseUnavailable } from "./database.ts";

const RETRY_MILLISECONDS = 2_000;

/** What happens to a database that was not there at first. */
export interface OpeningReport {
  failed(error: unknown): void;
  opened(): void;
}

/**
 * Opens a database; while it cannot be reached, hands over a stand-in that answers `DatabaseUnavailable` and goes on
 * trying. So a server starts while one region is down, and serves all the others.
 *
 * @throws whatever `open` throws first, except `DatabaseUnavailable`.
 */
export async function openNowOrLater(
  name: string,
  engine: Database["engine"],
  open: () => Promise<Database>,
  report: OpeningReport,
): Promise<Database> {
  let cause: unknown;
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    report.failed(error);
    cause = error.cause;
  }

  let opened: Database | undefined;
  let closed = false;
  let timer = setTimeout(retry, RETRY_MILLISECONDS).unref();

  async function retry(): Promise<void> {
    try {
      const database = await open();
      if (closed) return await database.close();
      opened = database;
      report.opened();
    } catch (error) {
      report.failed(error);
      if (!closed) timer = setTimeout(retry, RETRY_MILLISECONDS).unref();
    }
  }

  const required = (): Database => {
    if (opened === undefined) throw new DatabaseUnavailable(name, "not-done", cause);
    return opened;
  };
  return {
    engine,
    read: async (sql, params) => required().read(sql, params),
    batch: async (statements) => required().batch(statements),
    transaction: async (work) => required().transaction(work),
    settled: async () => required().settled(),
    now: () => opened?.now() ?? Math.floor(Date.now() / 1000),
    async close() {
      closed = true;
      clearTimeout(timer);
      await opened?.close();
    },
  };
}
