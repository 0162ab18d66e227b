import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  type Database,
  DatabaseUnavailable,
  type Param,
  type Result,
  type Row,
  type Statement,
  type Transaction,
} from "../database.ts";
import { Conflict, StatementFailed } from "./failures.ts";
import { checkParams } from "./params.ts";
import { retryConflicts } from "./retry.ts";
import { preparedStatements } from "./sqlite-statements.ts";
import { withinTimeLimit } from "./time-limit.ts";

export interface SqliteOptions {
  /** What an operator calls this database. */
  name: string;
  /** Instead of the system's clock, seconds since 1970 UTC. */
  clock?: () => number;
}

/** How long SQLite itself waits for another process, with our event loop standing still. */
const BUSY_MILLISECONDS = 50;

/** Result codes that blame the disk, the memory or another process, not the statement (sqlite.org/rescode.html). */
const UNAVAILABLE = new Set([7, 8, 10, 11, 13, 14, 15, 26]);
const BUSY = new Set([5, 6]);

/** Pages that a connection keeps; the operating system has the file in memory as well (docs/decisions/runtime.md). */
const WRITER_CACHE_KIB = 1_024;
const READER_CACHE_KIB = 256;

/** A batch that waits for its turn. Settled only after COMMIT. */
interface PendingBatch {
  statements: readonly Statement[];
  resolve(results: Result[]): void;
  reject(error: unknown): void;
  results?: Result[];
  failure?: unknown;
}

/**
 * Opens, or creates, one SQLite file: one connection that writes and one that can only read, for what reads while a
 * transaction is open.
 *
 * All batches of one event-loop turn share one COMMIT, and so one fsync: that is what makes a durable write cheap.
 *
 * @throws {DatabaseUnavailable} when the file cannot be opened.
 */
export async function openSqlite(file: string, { name, clock }: SqliteOptions): Promise<Database> {
  const { writer, reader } = await retryConflicts(name, () => connect(file, name));
  const writing = preparedStatements(writer);
  const reading = preparedStatements(reader);
  let pending: PendingBatch[] = [];
  const transactions: (() => Promise<void>)[] = [];
  let awake = false;
  let closed = false;

  const begin = writer.prepare("BEGIN IMMEDIATE");
  const commit = writer.prepare("COMMIT");
  const rollback = writer.prepare("ROLLBACK");
  const savepoint = writer.prepare("SAVEPOINT batch");
  const release = writer.prepare("RELEASE batch");
  const rollbackTo = writer.prepare("ROLLBACK TO batch");

  function beginWriting(): void {
    try {
      begin.run();
    } catch (error) {
      throw explain(name, error);
    }
  }

  function commitWriting(): void {
    try {
      commit.run();
    } catch (error) {
      // The frames may have reached the disk although their fsync failed, so a restart may find them.
      throw new DatabaseUnavailable(name, "unknown", error);
    }
  }

  function abandon(): void {
    if (writer.isTransaction) rollback.run();
  }

  function runStatements(batch: PendingBatch): void {
    try {
      batch.results = batch.statements.map(([sql, params]) => writing.run(sql, params));
    } catch (error) {
      throw explain(name, error);
    }
  }

  /** A failed batch leaves no trace and its neighbours go on, unless the fault is the disk's: then SQLite has undone them all. */
  function runApart(batch: PendingBatch): void {
    savepoint.run();
    try {
      runStatements(batch);
    } catch (error) {
      if (hurtsAll(error) || !writer.isTransaction) throw error;
      batch.failure = error;
      rollbackTo.run();
    }
    release.run();
  }

  function inTransaction(work: () => void): void {
    beginWriting();
    try {
      work();
      commitWriting();
    } catch (error) {
      abandon();
      throw error;
    }
  }

  /** Savepoints, for which SQLite copies every page that changes, are for a group in which something has failed. */
  function runGroup(group: readonly PendingBatch[]): void {
    for (const batch of group) batch.failure = undefined; // of a try before
    try {
      inTransaction(() => group.forEach(runStatements));
    } catch (error) {
      const [first, second] = group;
      if (hurtsAll(error) || !first) throw error;
      if (second) inTransaction(() => group.forEach(runApart));
      else first.failure = error;
    }
  }

  async function settleGroup(group: readonly PendingBatch[]): Promise<void> {
    try {
      await retryConflicts(name, () => runGroup(group));
      for (const batch of group) {
        if (batch.failure === undefined) batch.resolve(batch.results ?? []);
        else batch.reject(batch.failure);
      }
    } catch (error) {
      for (const batch of group) batch.reject(error);
    }
  }

  async function runTransaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    let over: Error | undefined;
    const tx: Transaction = {
      async run(sql, params) {
        if (over) throw over;
        try {
          checkParams(params);
          return writing.run(sql, params);
        } catch (error) {
          over = explain(name, error);
          abandon();
          throw over;
        }
      },
    };
    beginWriting();
    try {
      const value = await withinTimeLimit(name, work(tx));
      if (over) throw over;
      commitWriting();
      return value;
    } catch (error) {
      abandon();
      throw over instanceof Conflict ? over : error; // whatever `work` made of it, a conflict is tried again
    } finally {
      over ??= new Error("The transaction is over.");
    }
  }

  /** One turn: a group of batches, then at most one transaction. Whatever came meanwhile waits for the next turn. */
  async function takeTurn(): Promise<void> {
    if (pending.length > 0) {
      const group = pending;
      pending = [];
      await settleGroup(group);
    }
    await transactions.shift()?.();
    awake = pending.length + transactions.length > 0;
    if (awake) setImmediate(takeTurn);
  }

  function wake(): void {
    if (awake) return;
    awake = true;
    setImmediate(takeTurn);
  }

  function requireOpen(): void {
    if (closed) throw new DatabaseUnavailable(name, "not-done", new Error("It was closed."));
  }

  return {
    engine: "sqlite",

    read: <T = Row>(sql: string, params: readonly Param[]) =>
      retryConflicts(name, () => {
        requireOpen();
        checkParams(params);
        // The writer keeps the pages it has changed; the reader forgets all of its own at each commit.
        const connection = sql.startsWith("SELECT") && !writer.isTransaction ? writing : reading;
        try {
          return connection.run(sql, params).rows as T[];
        } catch (error) {
          throw explain(name, error);
        }
      }),

    async batch(statements) {
      requireOpen();
      for (const [, params] of statements) checkParams(params);
      if (statements.length === 0) return [];
      return new Promise<Result[]>((resolve, reject) => {
        pending.push({ statements, resolve, reject });
        wake();
      });
    },

    async transaction<T>(work: (tx: Transaction) => Promise<T>) {
      requireOpen();
      return new Promise<T>((resolve, reject) => {
        transactions.push(() => retryConflicts(name, () => runTransaction(work)).then(resolve, reject));
        wake();
      });
    },

    // There is one writer, and whoever comes after a commit begins after it.
    settled: async () => requireOpen(),

    now: clock ?? (() => Math.floor(Date.now() / 1000)),

    async close() {
      if (closed) return;
      closed = true;
      while (awake) await new Promise(setImmediate);
      reader.close();
      writer.close();
    },
  };
}

function connect(file: string, name: string): { writer: DatabaseSync; reader: DatabaseSync } {
  let writer: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // SQLite would make the file readable by everybody; its -wal and -shm take the file's own mode.
    closeSync(openSync(file, "a", 0o600));
    const settings = { timeout: BUSY_MILLISECONDS, enableForeignKeyConstraints: false };
    writer = new DatabaseSync(file, settings);
    // fullfsync: macOS answers a plain fsync before the disk has written.
    writer.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON",
    );
    const reader = new DatabaseSync(file, { ...settings, readOnly: true });
    writer.exec(`PRAGMA cache_size = -${WRITER_CACHE_KIB}`);
    reader.exec(`PRAGMA cache_size = -${READER_CACHE_KIB}`);
    return { writer, reader };
  } catch (error) {
    writer?.close();
    const failure = explain(name, error);
    throw failure instanceof Conflict ? failure : new DatabaseUnavailable(name, "not-done", error);
  }
}

/** Whose fault it was: the disk's, another process's, or the statement's. Messages of SQLite hold names, never values. */
function explain(name: string, error: unknown): Error {
  if (error instanceof Error && "errcode" in error && typeof error.errcode === "number") {
    const primary = error.errcode & 0xff;
    if (BUSY.has(primary)) return new Conflict(error.message);
    if (UNAVAILABLE.has(primary)) return new DatabaseUnavailable(name, "not-done", error);
    return new StatementFailed(error.message, error.errcode);
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** Not the statement's own fault. */
const hurtsAll = (error: unknown) => error instanceof DatabaseUnavailable || error instanceof Conflict;
