// Runs every test there is: `npm test`. With arguments, only the files whose path contains one of them.
// server/test/faults is a longer suite of its own: name it to run it.
import { spawn } from "node:child_process";
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const FILES = ["server/src/**/*.test.ts", "server/test/**/*.test.ts", "sdk/src/**/*.test.ts", "sdk/test/**/*.test.ts"];

if (Number(process.versions.node.split(".")[0]) < 24) {
  console.error(`The tests need Node 24 and this is ${process.version}: run "npm ci", then "npm test".`);
  process.exit(2);
}

const words = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const options = process.argv.slice(2).filter((argument) => argument.startsWith("--"));
const isWanted = (/** @type {string} */ file) =>
  words.length > 0 ? words.some((word) => file.includes(word)) : !file.startsWith("server/test/faults/");
const files = globSync(FILES, { cwd: ROOT, exclude: (path) => path.endsWith("node_modules") })
  .filter(isWanted)
  .sort();
if (files.length === 0) {
  console.error(`No test file has ${words.join(" or ")} in its path.`);
  process.exit(1);
}

const shared = mkdtempSync(join(tmpdir(), "latchkey-tests-"));
// A few files alone start PostgreSQL themselves if they need it.
const postgres = words.length > 0 ? undefined : await startPostgres();
const status = await run();
await postgres?.stop();
rmSync(shared, { recursive: true, force: true });
process.exit(status);

async function startPostgres() {
  const support = await import("./support/postgres.ts");
  return support.startPostgres();
}

/** @returns {Promise<number>} the exit status */
function run() {
  const child = spawn(
    process.execPath,
    [
      "--test",
      "--test-reporter=spec",
      `--test-concurrency=${Math.max(2, availableParallelism())}`,
      ...options,
      ...files,
    ],
    {
      cwd: ROOT,
      stdio: "inherit",
      env: {
        ...process.env,
        LATCHKEY_TEST_SHARED: shared,
        ...(postgres && { LATCHKEY_TEST_POSTGRES: postgres.url("").replace(/\/$/, "") }),
      },
    },
  );
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}
