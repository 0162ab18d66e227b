import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type Database, DatabaseUnavailable } from "../database.ts";
import { StatementFailed } from "./failures.ts";

/** One numbered file. Forward only: what has run somewhere is never edited. */
export interface Migration {
  file: string;
  statements: readonly string[];
}

const BOOTSTRAP = [
  `CREATE TABLE IF NOT EXISTS migration (file TEXT NOT NULL, statement INTEGER NOT NULL, text_hash TEXT NOT NULL, at BIGINT NOT NULL,
    PRIMARY KEY (file, statement))`,
  "CREATE TABLE IF NOT EXISTS migration_lock (name TEXT NOT NULL PRIMARY KEY, owner TEXT NOT NULL, expires_at BIGINT NOT NULL)",
  "INSERT INTO migration_lock (name, owner, expires_at) VALUES ('migrate', '', 0) ON CONFLICT DO NOTHING",
];
const LOCK = `UPDATE migration_lock SET owner = $1, expires_at = $2 WHERE name = 'migrate' AND (owner = $1 OR expires_at <= $3)`;
const UNLOCK = `UPDATE migration_lock SET owner = '', expires_at = 0 WHERE name = 'migrate' AND owner = $1`;
const DONE = `SELECT file, statement, text_hash AS "textHash" FROM migration`;
const RECORD = "INSERT INTO migration (file, statement, text_hash, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

/** How long a process that died keeps the others out. */
const LOCK_SECONDS = 30;
const RENEW_MILLISECONDS = 5_000;
const WAIT_MILLISECONDS = 100;
const BOOTSTRAP_TRIES_MAX = 10;

/** `code` of "it is already there": tables, columns, indexes and other objects of PostgreSQL. SQLite has no code but a text. */
const ALREADY_THERE = new Set<string | number>(["42P07", "42701", "42710"]);

/** Reads the numbered `.sql` files of a directory, in order. */
export function readMigrations(directory: string): Migration[] {
  const files = readdirSync(directory).filter((file) => /^\d{3}-.+\.sql$/.test(file));
  return files
    .sort()
    .map((file) => ({ file, statements: splitStatements(readFileSync(`${directory}/${file}`, "utf8")) }));
}

/** A statement ends with a `;` at the end of a line; `--` starts a comment, so no literal of a migration may hold either. */
export function splitStatements(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/--.*$/, "").trimEnd());
  const statements = lines.join("\n").split(/;\n|;$/);
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== "");
}

/**
 * Runs what has not run yet, one statement at a time. Safe when several processes start at once, when one dies half way, and on
 * engines where a change of schema cannot be in a transaction: a statement that was done but not recorded says "already exists".
 *
 * @param db with time enough for its longest statement.
 * @throws {Error} when a statement that has run reads differently now.
 */
export async function migrate(db: Database, migrations: readonly Migration[]): Promise<void> {
  await bootstrap(db);
  const owner = randomUUID();
  while (!(await takeLock(db, owner))) await delay(WAIT_MILLISECONDS);
  const renewal = setInterval(() => takeLock(db, owner).catch(() => {}), RENEW_MILLISECONDS);
  try {
    await runMissing(db, migrations);
  } finally {
    clearInterval(renewal);
    await db.batch([[UNLOCK, [owner]]]);
  }
}

async function runMissing(db: Database, migrations: readonly Migration[]): Promise<void> {
  const rows = await db.read<{ file: string; statement: number; textHash: string }>(DONE, []);
  const done = new Map(rows.map((row) => [`${row.file} ${row.statement}`, row.textHash]));
  for (const { file, statements } of migrations) {
    for (const [index, sql] of statements.entries()) {
      const textHash = createHash("sha256").update(sql.replace(/\s+/g, " ")).digest("base64url");
      const before = done.get(`${file} ${index + 1}`);
      if (before === textHash) continue;
      if (before !== undefined) {
        throw new Error(`Statement ${index + 1} of ${file} was changed after it ran. Add a new file instead.`);
      }
      await db.batch([[sql, []]]).catch(ignoreAlreadyThere);
      await db.batch([[RECORD, [file, index + 1, textHash, db.now()]]]);
    }
  }
}

async function takeLock(db: Database, owner: string): Promise<boolean> {
  const now = db.now();
  const [locked] = await db.batch([[LOCK, [owner, now + LOCK_SECONDS, now]]]);
  return locked?.count === 1;
}

/** Two processes that create one table at once may both fail in PostgreSQL, IF NOT EXISTS or not: then once more. */
async function bootstrap(db: Database): Promise<void> {
  for (const sql of BOOTSTRAP) {
    for (let tries = 1; ; tries++) {
      try {
        await db.batch([[sql, []]]);
        break;
      } catch (error) {
        if (error instanceof DatabaseUnavailable || tries === BOOTSTRAP_TRIES_MAX) throw error;
        await delay(tries * 10);
      }
    }
  }
}

function ignoreAlreadyThere(error: unknown): void {
  const isThere =
    error instanceof StatementFailed &&
    (ALREADY_THERE.has(error.code) || /already exists|duplicate column name/.test(error.message));
  if (!isThere) throw error;
}
