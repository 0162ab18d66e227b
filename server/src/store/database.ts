/** A value SQL may be given. Booleans are 0 and 1, lists are JSON text, `undefined` is refused by both engines. */
export type Param = string | number | null;

/** One SQL text with `$1`-style parameters, in the subset that both engines speak (docs/decisions/portable-sql.md). */
export type Statement = readonly [sql: string, params: readonly Param[]];

/** What a statement of a batch did: rows changed (or returned), and the rows of its `RETURNING` or `SELECT`. */
export interface Result {
  count: number;
  rows: Row[];
}

export type Row = Record<string, string | number | null>;

/** The three calls that SQLite and PostgreSQL both answer, with the same promises. */
export interface Database {
  readonly engine: "sqlite" | "postgres";

  /** One point read, outside any transaction. Rows come in the statement's own order, keys as its `AS "names"` say. */
  read<T = Row>(sql: string, params: readonly Param[]): Promise<T[]>;

  /**
   * All statements or none, in order, in one round trip. The default for every hot path.
   *
   * Resolves only after COMMIT is durable; retried as a whole on serialisation failures.
   * @throws {DatabaseUnavailable} when the database cannot be reached; `outcome` says whether the COMMIT may have happened.
   */
  batch(statements: readonly Statement[]): Promise<Result[]>;

  /** Rare and interactive: `work` may await nothing but `tx`. A failed statement ends the transaction. May run twice on conflicts. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;

  /**
   * Resolves when every write of any server that was under way at this call is over: what begins later sees what was
   * committed before it.
   */
  settled(): Promise<void>;

  /** Seconds since 1970 UTC by the database's own clock, so that lifetimes do not depend on a server's clock. */
  now(): number;

  close(): Promise<void>;
}

export interface Transaction {
  run(sql: string, params: readonly Param[]): Promise<Result>;
}

/** The database did not answer: down, too slow, or cut off. Never a refusal of the statement itself. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";
  readonly database: string;
  /** `unknown` when a COMMIT was sent and its answer never came. */
  readonly outcome: "not-done" | "unknown";

  constructor(database: string, outcome: "not-done" | "unknown", cause?: unknown) {
    super(`The database ${database} is unavailable.`, { cause });
    this.database = database;
    this.outcome = outcome;
  }
}
