/**
 * A statement the database refused: a constraint, or SQL it cannot read. A bug of ours, since what may be refused is
 * asked with ON CONFLICT DO NOTHING and row counts. Holds no parameter values, so that it may be logged.
 */
export class StatementFailed extends Error {
  override readonly name = "StatementFailed";
  /** PostgreSQL's SQLSTATE, or SQLite's extended result code. */
  readonly code: string | number;
  readonly sql: string | undefined;

  constructor(message: string, code: string | number, sql?: string) {
    super(message);
    this.code = code;
    this.sql = sql;
  }
}

/** Something was in the way and nothing happened: the whole batch, transaction or read may be tried again. */
export class Conflict extends Error {
  override readonly name = "Conflict";
  /** The connection itself was in the way (it was dead, or holds a plan that no longer fits) and must not be used again. */
  readonly ofConnection: boolean;

  constructor(message: string, ofConnection = false) {
    super(message);
    this.ofConnection = ofConnection;
  }
}
