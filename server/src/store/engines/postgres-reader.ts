import type pg from "pg";
import { DatabaseUnavailable, type Row } from "../database.ts";
import { endsSession } from "./postgres-failures.ts";
import { type Query, runOne } from "./postgres-round-trip.ts";

/** Two, so that a slow answer does not hold up every other. */
const LINES = 2;

interface Line {
  client: Promise<pg.Client> | undefined;
  /** Its connection is there, so that a question need not wait for one. */
  connected: boolean;
  inFlight: number;
}

/**
 * Point reads over two clients that write each query without waiting for the answer to the one before: `pg`'s pipeline
 * mode, which ends every query with a Sync of its own, so that one that fails takes no other with it.
 *
 * @param connect opens a client in pipeline mode. @throws {DatabaseUnavailable}
 */
export function createReader(connect: () => Promise<pg.Client>) {
  const lines: Line[] = Array.from({ length: LINES }, () => ({ client: undefined, connected: false, inFlight: 0 }));

  let chosen: Line | undefined;

  function leave(line: Line, client: Promise<pg.Client>): void {
    if (line.client !== client) return;
    line.client = undefined;
    line.connected = false;
  }

  function clientOf(line: Line): Promise<pg.Client> {
    if (line.client) return line.client;
    const opening = connect();
    line.client = opening;
    opening.then(
      (client) => {
        line.connected = line.client === opening;
        client.on("end", () => leave(line, opening)).on("error", () => leave(line, opening));
      },
      () => leave(line, opening),
    );
    return opening;
  }

  /** The least busy one. While that is still connecting, a question takes one that is connected, and is answered sooner. */
  function lineToUse(): Line {
    const leastBusy = (all: readonly Line[]) =>
      all.reduce<Line | undefined>((best, line) => (best && best.inFlight <= line.inFlight ? best : line), undefined);
    const best = leastBusy(lines) ?? fail();
    if (best.connected) return best;
    clientOf(best).catch(() => {}); // whoever waits for it hears of it
    return leastBusy(lines.filter(({ connected }) => connected)) ?? best;
  }

  /** All that one turn of the event loop asks goes over one line, as one write; the next turn takes the less busy one. */
  function lineOfThisTurn(): Line {
    if (chosen?.connected) return chosen;
    const line = lineToUse();
    chosen = line;
    setImmediate(() => {
      chosen = undefined;
    });
    return line;
  }

  async function ask(query: Query): Promise<Row[]> {
    const line = lineOfThisTurn();
    const opening = clientOf(line);
    line.inFlight++;
    try {
      const client = await opening;
      gatherForThisTurn(client);
      return (await runOne(client, query)).rows;
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
    isConnected: () => lines.some(({ connected }) => connected),

    /** A read changes nothing, so one whose connection died under it is asked again, until it has met every line that died too. */
    async query(query: Query): Promise<Row[]> {
      for (let deaths = 1; ; deaths++) {
        try {
          return await ask(query);
        } catch (error) {
          const wasLate = error instanceof Error && error.message === "Query read timeout";
          if (error instanceof DatabaseUnavailable || wasLate || !endsSession(error) || deaths > LINES) throw error;
        }
      }
    },

    async close(): Promise<void> {
      await Promise.allSettled(lines.map(async (line) => (await line.client)?.end()));
    },
  };
}

const gathering = new WeakSet<pg.Client>();

/** From now until the end of this turn of the event loop what `client` is asked waits, to leave as one write. */
function gatherForThisTurn(client: pg.Client): void {
  if (gathering.has(client)) return;
  const { stream } = client.connection;
  gathering.add(client);
  stream.cork();
  setImmediate(() => {
    gathering.delete(client);
    stream.uncork();
  });
}

function fail(): never {
  throw new Error("There is no line.");
}
