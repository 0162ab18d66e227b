// Runs every test there is: `npm test`. With arguments, only the files whose path contains one of them, and with
// `--engine=postgres` on PostgreSQL.
// server/test/faults and server/test/scale are longer suites of their own: name them to run them. Journeys run a second time, on PostgreSQL.
import { spawn } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const FILES = ["server/src/**/*.test.ts", "server/test/**/*.test.ts", "sdk/src/**/*.test.ts", "sdk/test/**/*.test.ts"];

if (Number(process.versions.node.split(".")[0]) < 24) {
  console.error(`The tests need Node 24 and this is ${process.version}: run "npm ci", then "npm test".`);
  process.exit(2);
}

const words = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const ENGINE = "--engine=postgres";
const onPostgres = process.argv.includes(ENGINE);
const options = process.argv.slice(2).filter((argument) => argument.startsWith("--") && argument !== ENGINE);
// They are timed: each of them keeps several servers busy, or one database large.
const isTimed = (/** @type {string} */ file) => /^server\/test\/(faults|scale)\//.test(file);
const isWanted = (/** @type {string} */ file) =>
  words.length > 0 ? words.some((word) => file.includes(word)) : !isTimed(file);
const files = globSync(FILES, { cwd: ROOT, exclude: (path) => path.endsWith("node_modules") })
  .filter(isWanted)
  .sort();
if (files.length === 0) {
  console.error(`No test file has ${words.join(" or ")} in its path.`);
  process.exit(1);
}

const shared = mkdtempSync(join(tmpdir(), "latchkey-tests-"));
// A few files alone start PostgreSQL themselves if they need it.
const postgres = words.length > 0 && !onPostgres ? undefined : await startPostgres();
const status = await run(files, onPostgres ? { LATCHKEY_TEST_ENGINE: "postgres" } : {});
// What is told apart by engine nowhere but in the engine, and would be the first to show a difference.
const ON_POSTGRES =
  /^server\/test\/(journeys\/(wire-|admin-|app-|exchange-code|forgotten|invitation|mail-queue|operator-ends|sign-up)|attacks\/(code-|refresh-token|failure-budgets|user-enumeration|sign-up))/;
const again = files.filter((file) => words.length === 0 && ON_POSTGRES.test(file));
const statusOfAgain = again.length > 0 ? await run(again, { LATCHKEY_TEST_ENGINE: "postgres" }) : 0;
await postgres?.stop();
printFaults(join(shared, "faults.jsonl"));
rmSync(shared, { recursive: true, force: true });
process.exit(status || statusOfAgain);

async function startPostgres() {
  const support = await import("./support/postgres.ts");
  return support.startPostgres();
}

/**
 * @param {string[]} files
 * @param {Record<string, string>} settings
 * @returns {Promise<number>} the exit status
 */
function run(files, settings = {}) {
  const child = spawn(
    process.execPath,
    [
      "--test",
      "--test-reporter=spec",
      `--test-concurrency=${files.every(isTimed) ? 1 : Math.max(2, availableParallelism())}`,
      ...options,
      ...files,
    ],
    {
      cwd: ROOT,
      stdio: "inherit",
      env: {
        ...process.env,
        ...settings,
        LATCHKEY_TEST_SHARED: shared,
        ...(postgres && { LATCHKEY_TEST_POSTGRES: postgres.url("").replace(/\/$/, "") }),
      },
    },
  );
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}

/**
 * What each fault did: its promise, what was seen, and the time beside its goal.
 *
 * @param {string} file  lines of support/promises.ts; absent where no fault was tested.
 */
function printFaults(file) {
  if (!existsSync(file)) return;
  const reports = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const seconds = (/** @type {number} */ milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
  const rows = reports.map(({ fault, promise, happened, milliseconds, goalMilliseconds }) => [
    fault,
    promise,
    happened,
    milliseconds === undefined ? "" : seconds(milliseconds),
    goalMilliseconds === undefined ? "" : seconds(goalMilliseconds),
  ]);
  console.log(`\n${table([["fault", "promise", "what happened", "recovery", "goal"], ...rows], [30, 44, 60, 8, 8])}\n`);
}

/**
 * @param {string[][]} rows
 * @param {number[]} widths
 */
function table(rows, widths) {
  const rule = widths.map((width) => "-".repeat(width)).join("-+-");
  return rows.map((cells) => lines(cells, widths)).join(`\n${rule}\n`);
}

/**
 * One row on as many lines as its longest cell needs.
 *
 * @param {string[]} cells
 * @param {number[]} widths
 */
function lines(cells, widths) {
  const wrapped = cells.map((cell, column) => wrap(cell, widths[column] ?? 0));
  const height = Math.max(...wrapped.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((cell, column) => (cell[line] ?? "").padEnd(widths[column] ?? 0))
      .join(" | ")
      .trimEnd(),
  ).join("\n");
}

/**
 * @param {string} text
 * @param {number} width
 */
function wrap(text, width) {
  /** @type {string[]} */
  const all = [];
  for (const word of text.split(" ")) {
    const last = all.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) all[all.length - 1] = `${last} ${word}`;
    else all.push(word);
  }
  return all;
}
