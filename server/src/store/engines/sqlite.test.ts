import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { openSqlite } from "./sqlite.ts";

const directory = mkdtempSync(join(tmpdir(), "latchkey-sqlite-"));
after(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(directory, `${++files}.db`);

const ENGINE = new URL("./sqlite.ts", import.meta.url).href;
const CREATE = "CREATE TABLE IF NOT EXISTS item (item_key TEXT NOT NULL PRIMARY KEY, note TEXT NOT NULL)";
const INSERT = "INSERT INTO item (item_key, note) VALUES ($1, $2)";
const KEYS = `SELECT item_key AS "itemKey" FROM item`;

const openWithTable = async (file: string) => {
  const db = await openSqlite(file, { name: "test" });
  await db.batch([[CREATE, []]]);
  return db;
};

/** Writes rows of growing keys, many at once, and says each key only once it is acknowledged; at a failure says its name and stops. */
const WRITER = `
  const { openSqlite } = await import(${JSON.stringify(ENGINE)});
  const [file, note] = process.argv.slice(1);
  const db = await openSqlite(file, { name: "test" });
  await db.batch([[${JSON.stringify(CREATE)}, []]]);
  const prefix = process.pid + "-";
  let next = 0;
  async function write() {
    for (;;) {
      const key = prefix + next++;
      await db.batch([[${JSON.stringify(INSERT)}, [key, note]]]);
      process.stdout.write(key + "\\n");
    }
  }
  const error = await Promise.race(Array.from({ length: 20 }, write)).catch((error) => error);
  const rows = await db.read("SELECT COUNT(*) AS rows FROM item", []);
  process.stdout.write(["FAILED", error.name, error.outcome, rows[0].rows].join(" ") + "\\n");
  process.exit(0);
`;
const writer = (file: string, note: string) => ["--input-type=module", "-e", WRITER, file, note];
const linesOf = (child: ChildProcess) => createInterface({ input: child.stdout as NodeJS.ReadableStream });

test("no acknowledged row is lost when the process is killed, again and again", async () => {
  const file = newFile();
  const acknowledged = new Set<string>();
  for (let round = 1; round <= 4; round++) {
    const child = spawn(process.execPath, writer(file, "x"), { stdio: ["ignore", "pipe", "inherit"] });
    const wanted = acknowledged.size + 100 * round;
    for await (const line of linesOf(child)) {
      acknowledged.add(line);
      if (acknowledged.size === wanted) child.kill("SIGKILL");
    }
  }
  const db = await openSqlite(file, { name: "test" });
  const kept = new Set((await db.read<{ itemKey: string }>(KEYS, [])).map((row) => row.itemKey));
  assert.deepEqual(
    [...acknowledged].filter((key) => !kept.has(key)),
    [],
  );
  assert.ok(acknowledged.size >= 1000);
  await db.close();
});

test("a full disk makes the database unavailable for writing, and keeps what was acknowledged", async () => {
  const file = newFile();
  // The limit stands for the disk: what a file cannot grow by is refused while the process goes on.
  const limited = [
    `trap '' XFSZ; ulimit -f 2000; exec "$@"`,
    "sh",
    process.execPath,
    ...writer(file, "x".repeat(4000)),
  ];
  const child = spawn("sh", ["-c", ...limited], { stdio: ["ignore", "pipe", "inherit"] });
  const acknowledged: string[] = [];
  for await (const line of linesOf(child)) acknowledged.push(line);
  const [failed, name, , rows] = (acknowledged.pop() ?? "").split(" ");
  assert.deepEqual([failed, name], ["FAILED", "DatabaseUnavailable"]);
  assert.ok(acknowledged.length > 0 && Number(rows) >= acknowledged.length);
  const db = await openSqlite(file, { name: "test" });
  const kept = new Set((await db.read<{ itemKey: string }>(KEYS, [])).map((row) => row.itemKey));
  assert.deepEqual(
    acknowledged.filter((key) => !kept.has(key)),
    [],
  );
  await db.close();
});

test("a batch waits for a writer of another process", async () => {
  const file = newFile();
  const db = await openWithTable(file);
  const other = new DatabaseSync(file);
  other.exec("BEGIN IMMEDIATE");
  const batch = db.batch([[INSERT, ["patient", ""]]]);
  setTimeout(() => other.exec("COMMIT"), 0);
  assert.equal((await batch)[0]?.count, 1);
  other.close();
  await db.close();
});

test("a writer of another process that does not end makes the database unavailable, with nothing done", async () => {
  const file = newFile();
  const db = await openWithTable(file);
  const other = new DatabaseSync(file);
  other.exec("BEGIN IMMEDIATE");
  const refused = { name: "DatabaseUnavailable", outcome: "not-done" };
  await assert.rejects(db.batch([[INSERT, ["impatient", ""]]]), refused);
  await assert.rejects(
    db.transaction((tx) => tx.run(INSERT, ["impatient", ""])),
    refused,
  );
  assert.deepEqual(await db.read(KEYS, []), []);
  other.exec("ROLLBACK");
  await db.batch([[INSERT, ["at last", ""]]]);
  assert.deepEqual(await db.read(KEYS, []), [{ itemKey: "at last" }]);
  other.close();
  await db.close();
});

test("a transaction that waits for something else than its own statements gives the writer back", async (t) => {
  const db = await openWithTable(newFile());
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const started = Promise.withResolvers<void>();
  const stuck = db.transaction(async (tx) => {
    await tx.run(INSERT, ["stuck", ""]);
    started.resolve();
    await db.batch([[INSERT, ["inner", ""]]]);
  });
  await started.promise;
  t.mock.timers.tick(10_000);
  await assert.rejects(stuck, { name: "DatabaseUnavailable", outcome: "not-done" });
  await db.batch([[INSERT, ["next", ""]]]);
  assert.deepEqual(await db.read(`${KEYS} ORDER BY item_key`, []), [{ itemKey: "inner" }, { itemKey: "next" }]);
  await db.close();
});

test("a caller who writes without pause does not keep timers and requests from their turn", async () => {
  const db = await openWithTable(newFile());
  let written = 0;
  let stop = false;
  const busy = (async () => {
    while (!stop) await db.batch([[INSERT, [`busy ${written++}`, ""]]]);
  })();
  await delay(1);
  stop = true;
  await busy;
  assert.ok(written > 0);
  await db.close();
});

test("the files of a database are readable by their owner only", async () => {
  const file = newFile();
  const db = await openWithTable(file);
  for (const suffix of ["", "-wal", "-shm"]) assert.equal(statSync(file + suffix).mode & 0o777, 0o600, suffix);
  await db.close();
});

test("what is no database, and a directory that cannot be, are unavailable at once", async () => {
  const file = newFile();
  writeFileSync(file, "This is a letter, and long enough to have been a header.".repeat(50));
  await assert.rejects(openSqlite(file, { name: "test" }), { name: "DatabaseUnavailable" });
  await assert.rejects(openSqlite(join(file, "below.db"), { name: "test" }), { name: "DatabaseUnavailable" });
});
