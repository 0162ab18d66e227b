import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import {
  type Database,
  DatabaseUnavailable,
  type Param,
  type Result,
  type Row,
  type Transaction,
} from "../database.ts";
import { TooLate, withinAnswerLimit } from "./answer-limit.ts";
import { createBreaker } from "./breaker.ts";
import { Conflict } from "./failures.ts";
import { explain, explainBegin, leavesOpen, sqlState } from "./postgres-failures.ts";
import { createReader } from "./postgres-reader.ts";
import { hasEnded, type Outcome, type Query, roundTrip, runOne } from "./postgres-round-trip.ts";
import { namedStatements } from "./postgres-statements.ts";
import { retryConflicts } from "./retry.ts";
import { withinTimeLimit } from "./time-limit.ts";

export interface PostgresOptions {
  /** Instead of the database's clock, seconds since 1970 UTC. */
  clock?: () => number;
  /** How long one statement may take; 0 is without end, for migrations. */
  statementMilliseconds?: number;
  /** How long a read waits for its answer, on a connection that is there; 0 is without end. The answer is given up, not the connection. */
  answerMilliseconds?: number;
  /** Connections that write, beside the two that read. */
  writersMax?: number;
}

const CONNECT_MILLISECONDS = 5_000;

/** As long as a person, or an API behind a guard, waits for one region of many. */
const ANSWER_MILLISECONDS = 1_000;

/** After the server should have cancelled a statement, how much later the connection counts as dead. */
const GRACE_MILLISECONDS = 3_000;

const IDLE_MILLISECONDS = 300_000;

const CLOCK_EVERY_MILLISECONDS = 60_000;

/** Longer than any transaction may take. */
const SETTLE_MILLISECONDS_MAX = 60_000;

/**
 * Opens a PostgreSQL database: two pipelined connections for point reads, and a pool for what writes.
 *
 * Every session is read-only by default and only `BEGIN READ WRITE` lifts that. So a batch may go out in one piece without
 * waiting for the answer to its BEGIN: were BEGIN itself to fail, what follows it would be refused instead of committed one by one.
 *
 * @throws {DatabaseUnavailable} when no connection can be made.
 */
export async function openPostgres(name: string, url: string, options: PostgresOptions = {}): Promise<Database> {
  const { clock, statementMilliseconds = 5_000, writersMax = 8 } = options;
  const { answerMilliseconds = statementMilliseconds > 0 ? ANSWER_MILLISECONDS : 0 } = options;
  const breaker = createBreaker(name);
  const parsed = namedStatements();
  const [begin, commit, rollback] = [parsed("BEGIN READ WRITE", []), parsed("COMMIT", []), parsed("ROLLBACK", [])];
  let writing = 0;
  let closed = false;
  const settings: pg.PoolConfig = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    application_name: "latchkey",
    keepAlive: true,
    pipeline: true,
    ...(statementMilliseconds > 0 && { query_timeout: statementMilliseconds + GRACE_MILLISECONDS }),
  };

  async function prepareSession(client: pg.ClientBase): Promise<void> {
    client.on("error", () => {}); // a lost connection shows in whoever uses it next; unheard, the event would end the process
    await client.query(`SET default_transaction_read_only = on; SET statement_timeout = ${statementMilliseconds};
      SET idle_in_transaction_session_timeout = ${statementMilliseconds}; ${DURABLE}`);
  }

  const pool = new pg.Pool({
    ...settings,
    max: writersMax,
    idleTimeoutMillis: IDLE_MILLISECONDS,
    onConnect: prepareSession,
  });
  pool.on("error", () => {}); // the pool has dropped the idle client already

  async function connecting<T>(connect: () => Promise<T>): Promise<T> {
    try {
      return await connect();
    } catch (error) {
      breaker.failed(error);
      throw new DatabaseUnavailable(name, "not-done", error);
    }
  }

  const reader = createReader(() =>
    connecting(async () => {
      const client = new pg.Client(settings);
      client.on("error", () => {});
      await client.connect();
      await prepareSession(client);
      return client;
    }),
  );

  /** What was cut off waits for a new connection; whoever tries a database that was found not to answer does not. */
  async function ask(query: Query): Promise<Row[]> {
    breaker.admit();
    const patient = answerMilliseconds > 0 && !reader.isConnected() && !breaker.isOpen();
    const limit = patient ? answerMilliseconds + CONNECT_MILLISECONDS : answerMilliseconds;
    try {
      const answer = await withinAnswerLimit(limit, reader.query(query));
      breaker.answered();
      return answer;
    } catch (error) {
      if (error instanceof TooLate) breaker.late(error);
      else if (sqlState(error) !== undefined) breaker.answered();
      throw error;
    }
  }

  /** Where every client is at work, one waits for the next to be free, and that says nothing of whether the server is up. */
  async function checkOut(): Promise<pg.PoolClient> {
    if (closed) throw new DatabaseUnavailable(name, "not-done", new Error("It was closed."));
    if (breaker.isOpen()) await read(PROBE, []); // nothing is begun where no end is in sight
    if (pool.idleCount === 0 && pool.totalCount < writersMax) return connecting(() => pool.connect());
    return pool.connect().catch((error) => Promise.reject(new DatabaseUnavailable(name, "not-done", error)));
  }

  async function withWriter<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    writing++;
    let client: pg.PoolClient | undefined;
    let spent = false;
    try {
      client = await checkOut();
      return await work(client);
    } catch (error) {
      spent = error instanceof DatabaseUnavailable || (error instanceof Conflict && error.ofConnection);
      throw error;
    } finally {
      client?.release(spent || hasEnded(client) || client.getTransactionStatus() !== "I");
      writing--;
    }
  }

  /** BEGIN to COMMIT in one round trip. After a failure PostgreSQL skips what follows, the COMMIT too. */
  async function runBatch(client: pg.PoolClient, queries: readonly Query[]): Promise<Result[]> {
    const outcome = await roundTrip(client, [begin, ...queries, commit]);
    const { results, failure } = outcome;
    if (failure) {
      if (sqlState(failure) !== undefined) await roundTrip(client, [rollback]);
      // An end of the session that comes instead of the answer to COMMIT leaves open what became of that.
      const open = leavesOpen(failure) || results.length > queries.length;
      if (results.length === 0 && !open) throw explainBegin(name, failure);
      throw explain(name, failure, open, queries[results.length - 1]?.text);
    }
    requireCommitted(outcome);
    return results.slice(1, -1);
  }

  function requireCommitted({ lastCommand }: Outcome): void {
    if (lastCommand !== "COMMIT") throw new Error(`COMMIT was answered with ${lastCommand}.`);
  }

  async function runTransaction<T>(client: pg.PoolClient, work: (tx: Transaction) => Promise<T>): Promise<T> {
    let over: Error | undefined;
    const tx: Transaction = {
      async run(sql, params) {
        if (over) throw over;
        try {
          return await runOne(client, parsed(sql, params));
        } catch (error) {
          over ??= explain(name, error, false, sql);
          throw over;
        }
      },
    };
    try {
      await runOne(client, begin).catch((error) => Promise.reject(explainBegin(name, error)));
      const value = await withinTimeLimit(name, work(tx));
      if (over) throw over;
      over = new Error(OVER); // nothing that comes now can change what is told of the COMMIT
      const committed = await roundTrip(client, [commit]);
      if (committed.failure) throw explain(name, committed.failure, true);
      requireCommitted(committed);
      return value;
    } catch (error) {
      await roundTrip(client, [rollback]); // a lost connection has rolled back already
      throw over instanceof Conflict ? over : error; // whatever `work` made of it, a conflict is tried again
    } finally {
      over ??= new Error(OVER);
    }
  }

  const offset = clock
    ? undefined
    : await followClock(() => reader.query(parsed(CLOCK, []))).catch((error) => {
        throw explain(name, error, false);
      });

  const read = <T = Row>(sql: string, params: readonly Param[]) =>
    retryConflicts(name, async () => {
      if (closed) throw new DatabaseUnavailable(name, "not-done", new Error("It was closed."));
      try {
        return (await ask(parsed(sql, params))) as T[];
      } catch (error) {
        throw explain(name, error, false, sql);
      }
    });

  return {
    engine: "postgres",

    read,

    async batch(statements) {
      if (statements.length === 0) return [];
      const queries = statements.map(([sql, params]) => parsed(sql, params));
      return retryConflicts(name, () => withWriter((client) => runBatch(client, queries)));
    },

    transaction: (work) => retryConflicts(name, () => withWriter((client) => runTransaction(client, work))),

    async settled() {
      const giveUpAt = performance.now() + SETTLE_MILLISECONDS_MAX;
      const [began] = await read<{ at: string }>(INSTANT, []);
      while ((await read(UNDER_WAY_SINCE, [began?.at ?? ""])).length > 0) {
        if (performance.now() > giveUpAt) throw new DatabaseUnavailable(name, "not-done", new Error("A write hangs."));
        await delay(20);
      }
    },

    now: clock ?? (() => Math.floor((Date.now() + (offset?.milliseconds ?? 0)) / 1000)),

    async close() {
      if (closed) return;
      closed = true;
      offset?.stop();
      while (writing > 0) await delay(5); // the pool would never serve who still waits for a client
      await Promise.all([reader.close(), pool.end()]);
    },
  };
}

const OVER = "The transaction is over.";
const PROBE = `SELECT 1 AS one`;
/** What is told as done must outlive a crash, whatever the database or the role has as its default; the levels beyond stay. */
const DURABLE = `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`;
const INSTANT = `SELECT CAST(clock_timestamp() AS TEXT) AS "at"`;
/** Transactions of ours, of whatever process, that began before that instant. Each statement of a later one sees what was committed then. */
const UNDER_WAY_SINCE = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND application_name = 'latchkey' AND xact_start <= CAST($1 AS TIMESTAMPTZ)`;

const CLOCK = `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS "now"`;

/** How far the database's clock is ahead of ours, measured now and every minute; a measurement that fails leaves the last one. */
async function followClock(ask: () => Promise<Row[]>) {
  const measured = { milliseconds: 0, stop: () => clearInterval(timer) };
  async function measure() {
    const askedAt = Date.now();
    const now = Number((await ask())[0]?.now);
    measured.milliseconds = now - (askedAt + Date.now()) / 2;
  }
  const timer = setInterval(() => measure().catch(() => {}), CLOCK_EVERY_MILLISECONDS).unref();
  await measure().catch((error) => {
    measured.stop();
    throw error;
  });
  return measured;
}
