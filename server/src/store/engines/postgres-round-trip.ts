import pg from "pg";
import type { Param, Result, Row } from "../database.ts";

/** A statement and what it is given. `name` stands for its text on each connection that has seen it; "" has none. */
export interface Query {
  name: string;
  text: string;
  values: readonly Param[];
}

/** What came back. After a failure `results` are those before it, and what came after it was not done. */
export interface Outcome {
  results: Result[];
  /** What the server says it did last: COMMIT, or ROLLBACK where it was asked for a COMMIT that could not be. */
  lastCommand: string;
  failure: unknown;
}

/**
 * Sends statements as one write, with one Sync behind the last (postgresql.org/docs/current/protocol-flow.html, "Pipelining"):
 * the server answers all of them at once, and after one that fails it skips the rest. Outside a transaction block they would
 * be one transaction.
 */
export function roundTrip(client: pg.ClientBase, queries: readonly Query[]): Promise<Outcome> {
  return new Promise((resolve) => {
    client.query(new RoundTrip(queries, resolve));
  });
}

/** @throws what the server or the connection says. */
export async function runOne(client: pg.ClientBase, query: Query): Promise<Result> {
  const { results, failure } = await roundTrip(client, [query]);
  if (failure) throw failure;
  return results[0] as Result;
}

/** Connections whose session was ended behind an answer: the error is the first that is heard of it. */
const ended = new WeakSet<pg.Connection>();

/** Whether the server has ended its session, even where `pg` has not noticed yet. */
export const hasEnded = (client: pg.ClientBase): boolean => ended.has((client as pg.Client).connection);

/** How the columns of a statement are read. It does not change while its name stands: the server would rather refuse. */
interface Columns {
  names: string[];
  parsers: ((text: string) => string | number)[];
  /** All of them, so that each row begins with the shape it will have. */
  empty: Row;
}

/** What a connection knows of the statements that were sent over it, by name; not yet the columns of one under way. */
const known = new WeakMap<pg.Connection, Map<string, Columns | undefined>>();

/** `pg` keeps pipelining to its own class of queries; what that would do per statement is done here for all of them. */
const PipelinedQuery = pg.Query as unknown as new (config: { text: string }) => object;

class RoundTrip extends PipelinedQuery implements pg.Submittable {
  /** `pg` puts its timer around it. */
  callback: (failure: unknown) => void;

  readonly #queries: readonly Query[];
  readonly #results: Result[] = [];
  #lastCommand = "";
  /** Of each query the name that this round trip made known, else "". */
  readonly #parsed: string[] = [];
  #statements: Map<string, Columns | undefined> = new Map();
  #columns: Columns | undefined;
  #rows: Row[] = [];
  #unreadable: unknown;

  constructor(queries: readonly Query[], settle: (outcome: Outcome) => void) {
    super(NOTHING);
    this.#queries = queries;
    this.callback = (failure) => settle({ results: this.#results, lastCommand: this.#lastCommand, failure });
  }

  submit(connection: pg.Connection): void {
    const statements = known.get(connection) ?? new Map<string, Columns | undefined>();
    known.set(connection, statements);
    this.#statements = statements;
    const { stream } = connection;
    stream.cork();
    try {
      for (const { name, text, values } of this.#queries) {
        if (name === "" || !statements.has(name)) {
          connection.parse({ name, text, types: [] }, true);
          if (name !== "") statements.set(name, undefined);
          this.#parsed.push(name);
        } else this.#parsed.push("");
        connection.bind({ statement: name, values: values as string[], valueMapper: textOf }, true);
        if (!statements.get(name)) connection.describe({ type: "P" }, true);
        connection.execute(null, true);
      }
      connection.sync();
    } finally {
      stream.uncork();
    }
  }

  handleRowDescription({ fields }: { fields: pg.FieldDef[] }): void {
    this.#learn(columnsOf(fields));
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const { name = "" } = this.#queries[this.#results.length] ?? {};
    const { names, parsers, empty } = this.#columns ?? this.#statements.get(name) ?? NO_COLUMNS;
    const row = { ...empty };
    try {
      for (let index = 0; index < fields.length; index++) {
        const text = fields[index];
        if (typeof text === "string") row[names[index] as string] = parsers[index]?.(text) ?? null;
      }
      this.#rows.push(row);
    } catch (error) {
      this.#unreadable ??= error;
    }
  }

  /** A statement without columns has no description either, and need not be asked for one again. */
  handleCommandComplete({ text }: { text: string }): void {
    const { name = "" } = this.#queries[this.#results.length] ?? {};
    if (!this.#columns && !this.#statements.get(name)) this.#learn(NO_COLUMNS);
    const [command = "", ...numbers] = text.split(" "); // INSERT 0 1, UPDATE 2, BEGIN
    this.#lastCommand = command;
    this.#results.push({ count: Number(numbers.at(-1) ?? 0), rows: this.#rows });
    this.#rows = [];
    this.#columns = undefined;
  }

  handleReadyForQuery(): void {
    this.callback(this.#unreadable);
  }

  /** A session that is ended after its last answer (a shutdown may come before ReadyForQuery) takes nothing of that back. */
  handleError(error: unknown, connection: pg.Connection): void {
    const isOver = this.#results.length === this.#queries.length;
    if (isOver) ended.add(connection);
    for (const skipped of this.#parsed.slice(this.#results.length + 1)) this.#statements.delete(skipped);
    this.callback(isOver ? this.#unreadable : error);
  }

  #learn(columns: Columns): void {
    const { name = "" } = this.#queries[this.#results.length] ?? {};
    this.#columns = columns;
    if (name !== "") this.#statements.set(name, columns);
  }
}

const NOTHING = { text: "" };
const NO_COLUMNS: Columns = { names: [], parsers: [], empty: {} };

const textOf = (value: Param) => (value === null ? null : String(value));

function columnsOf(fields: readonly pg.FieldDef[]): Columns {
  const names = fields.map(({ name }) => name);
  const parsers = fields.map(({ dataTypeID }) => OWN_TYPES[dataTypeID] ?? pg.types.getTypeParser(dataTypeID, "text"));
  return { names, parsers, empty: Object.fromEntries(names.map((name) => [name, null])) };
}

/** BIGINT and NUMERIC arrive as text and become numbers, BOOLEAN becomes 0 or 1: what SQLite answers. */
const OWN_TYPES: Readonly<Record<number, (text: string) => number>> = {
  16: (text) => (text === "t" ? 1 : 0),
  20: safeNumber,
  1700: safeNumber,
};

function safeNumber(text: string): number {
  const value = Number(text);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new RangeError("A number beyond 2^53 was read.");
  return value;
}
