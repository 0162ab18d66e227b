import type pg from "pg";
import { DatabaseUnavailable } from "../database.ts";
import { endsSession } from "./postgres-failures.ts";

/** Two, so that a slow answer does not hold up every other. */
const LINES = 2;

interface Line {
  client: Promise<pg.Client> | undefined;
  inFlight: number;
}

/**
 * Point reads over two clients that write each query without waiting for the answer to the one before: `pg`'s pipeline
 * mode, which ends every query with a Sync of its own, so that one that fails takes no other with it.
 *
 * @param connect opens a client in pipeline mode. @throws {DatabaseUnavailable}
 */
export function createReader(connect: () => Promise<pg.Client>) {
  const lines: Line[] = Array.from({ length: LINES }, () => ({ client: undefined, inFlight: 0 }));

  function leave(line: Line, client: Promise<pg.Client>): void {
    if (line.client === client) line.client = undefined;
  }

  function clientOf(line: Line): Promise<pg.Client> {
    if (line.client) return line.client;
    const opening = connect();
    line.client = opening;
    opening.then(
      (client) => client.on("end", () => leave(line, opening)).on("error", () => leave(line, opening)),
      () => leave(line, opening),
    );
    return opening;
  }

  async function ask(query: pg.QueryConfig): Promise<pg.QueryResult> {
    const line = lines.reduce((best, other) => (other.inFlight < best.inFlight ? other : best));
    const opening = clientOf(line);
    line.inFlight++;
    try {
      return await (await opening).query(query);
    } catch (error) {
      if (endsSession(error) && line.client === opening && !(error instanceof DatabaseUnavailable)) {
        leave(line, opening);
        opening.then((client) => client.end()).catch(() => {});
      }
      throw error;
    } finally {
      line.inFlight--;
    }
  }

  return {
    /** A read changes nothing, so one whose connection died under it is asked once more on another. */
    async query(query: pg.QueryConfig): Promise<pg.QueryResult> {
      try {
        return await ask(query);
      } catch (error) {
        const wasLate = error instanceof Error && error.message === "Query read timeout";
        if (error instanceof DatabaseUnavailable || wasLate || !endsSession(error)) throw error;
        return ask(query);
      }
    },

    async close(): Promise<void> {
      await Promise.allSettled(lines.map(async (line) => (await line.client)?.end()));
    },
  };
}
