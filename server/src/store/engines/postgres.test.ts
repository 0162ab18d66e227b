import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { type Cable, layCable } from "../../../test/lab/cable.ts";
import { startPostgres } from "../../../test/support/postgres.ts";
import { type Database, DatabaseUnavailable } from "../database.ts";
import { openPostgres, type PostgresOptions } from "./postgres.ts";

/** What only a database across a network can do to us. */

const postgres = await startPostgres();
after(() => postgres.stop());

const CREATE = "CREATE TABLE item (item_key TEXT NOT NULL PRIMARY KEY, amount INTEGER NOT NULL)";
const INSERT = "INSERT INTO item (item_key, amount) VALUES ($1, $2)";
const FIND = "SELECT amount FROM item WHERE item_key = $1";

const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

interface Setting {
  db: Database;
  cable: Cable;
  /** A connection of its own, past the cable. */
  direct: pg.Client;
  url: string;
}

async function open(options: PostgresOptions = {}, parameters = ""): Promise<Setting> {
  const url = await postgres.createDatabase();
  const direct = new pg.Client({ connectionString: url });
  await direct.connect();
  cleanup.push(() => direct.end());
  await direct.query(CREATE);
  const cable = await layCable(Number(new URL(url).port));
  cleanup.push(() => cable.close());
  const through = new URL(url);
  through.port = String(cable.port);
  through.search = parameters;
  const db = await openPostgres("US", through.href, { ...options, clock: options.clock ?? (() => 0) });
  cleanup.push(() => db.close());
  return { db, cable, direct, url: through.href };
}

const unavailable = (outcome: "not-done" | "unknown") => ({ name: "DatabaseUnavailable", outcome, database: "US" });
const countOf = async (direct: pg.Client, key: string) =>
  (await direct.query("SELECT 1 FROM item WHERE item_key = $1", [key])).rowCount;

async function untilAnswered(db: Database): Promise<void> {
  for (;;) {
    try {
      await db.read(FIND, ["any"]);
      return await db.transaction(async () => {});
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
      await delay(20);
    }
  }
}

test("connections that the server ends while they idle are replaced without anybody noticing", async () => {
  const { db, direct } = await open();
  await Promise.all([db.batch([[INSERT, ["before", 1]]]), db.read(FIND, ["before"])]);
  const ended = await direct.query(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'latchkey' AND datname = current_database()",
  );
  assert.ok((ended.rowCount ?? 0) >= 2);
  await delay(20);
  assert.deepEqual(await db.read(FIND, ["before"]), [{ amount: 1 }]);
  assert.equal((await db.batch([[INSERT, ["after", 1]]]))[0]?.count, 1);
});

test("a read whose connection is lost under it is asked again", async () => {
  const { db, direct } = await open({ answerMilliseconds: 10_000 });
  await db.read(FIND, ["any"]);
  const slow = db.read(`SELECT 1 AS "one" FROM pg_sleep(1)`, []);
  await delay(100);
  await direct.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(1)%' AND pid <> pg_backend_pid()",
  );
  assert.deepEqual(await slow, [{ one: 1 }]);
});

test("a batch whose COMMIT was sent and not answered has an unknown outcome, and may have happened", async () => {
  const { db, cable, direct } = await open();
  await db.batch([[INSERT, ["first", 1]]]);
  cable.mute();
  const batch = db.batch([[INSERT, ["unheard", 1]]]);
  batch.catch(() => {});
  while ((await countOf(direct, "unheard")) === 0) await delay(10);
  cable.cut();
  await assert.rejects(batch, unavailable("unknown"));
  cable.mend();
  await untilAnswered(db);
  assert.deepEqual(await db.read(FIND, ["unheard"]), [{ amount: 1 }]);
});

test("a transaction that loses its connection before COMMIT is not done", async () => {
  const { db, cable, direct } = await open();
  const transaction = db.transaction(async (tx) => {
    await tx.run(INSERT, ["lost", 1]);
    cable.cut();
    await tx.run(INSERT, ["lost too", 1]);
  });
  await assert.rejects(transaction, unavailable("not-done"));
  cable.mend();
  await untilAnswered(db);
  assert.equal(await countOf(direct, "lost"), 0);
});

test("while the server cannot be reached everything is refused as not done, soon, and works again afterwards", async () => {
  const { db, cable } = await open();
  await db.batch([[INSERT, ["there", 1]]]);
  cable.cut();
  await delay(20);
  for (let n = 0; n < 50; n++) {
    await assert.rejects(db.read(FIND, ["there"]), unavailable("not-done"));
    await assert.rejects(db.batch([[INSERT, [`gone ${n}`, 1]]]), unavailable("not-done"));
    await assert.rejects(
      db.transaction((tx) => tx.run(INSERT, [`gone ${n}`, 1])),
      unavailable("not-done"),
    );
  }
  cable.mend();
  await untilAnswered(db);
  assert.deepEqual(await db.read(FIND, ["there"]), [{ amount: 1 }]);
});

test("a read gives up an answer that is late, and the connection lives on", async () => {
  const { db } = await open({ answerMilliseconds: 300 });
  const [before] = await db.read(`SELECT pg_backend_pid() AS "pid"`, []);
  await assert.rejects(db.read("SELECT 1 FROM pg_sleep(1)", []), unavailable("not-done"));
  await delay(1_000);
  assert.deepEqual((await db.read(`SELECT pg_backend_pid() AS "pid"`, []))[0], before);
});

test("a slow database keeps the first callers waiting and refuses those after them, and works again when it is fast", async () => {
  const { db, cable, direct } = await open({ answerMilliseconds: 300 });
  await db.batch([[INSERT, ["there", 1]]]);
  await db.read(FIND, ["there"]);
  cable.mute();
  const startedAt = performance.now();
  for (let n = 0; n < 3; n++) await assert.rejects(db.read(FIND, ["there"]), unavailable("not-done"));
  const patientUntil = performance.now();
  await assert.rejects(db.read(FIND, ["there"]), unavailable("not-done"));
  await assert.rejects(db.batch([[INSERT, ["late", 1]]]), unavailable("not-done"));
  assert.ok(performance.now() - patientUntil < patientUntil - startedAt, "nobody waits for what is known");
  assert.equal(await countOf(direct, "late"), 0, "a write is not begun");
  cable.cut();
  cable.mend();
  await untilAnswered(db);
  assert.equal((await db.batch([[INSERT, ["in time", 1]]]))[0]?.count, 1);
});

test("a database that is not there at first is unavailable", async () => {
  const { cable, url } = await open();
  cable.cut();
  await assert.rejects(openPostgres("US", url), unavailable("not-done"));
});

test("a statement that takes too long is cancelled and not done, and its connection lives on", async () => {
  const { db, direct } = await open({ statementMilliseconds: 100 });
  await direct.query("BEGIN");
  await direct.query(INSERT, ["locked", 1]);
  await assert.rejects(db.batch([[INSERT, ["locked", 2]]]), unavailable("not-done"));
  await assert.rejects(db.read("SELECT 1 FROM pg_sleep(5)", []), unavailable("not-done"));
  await direct.query("ROLLBACK");
  assert.equal((await db.batch([[INSERT, ["locked", 3]]]))[0]?.count, 1);
});

test("a transaction that idles too long is ended by the server, and the process lives on", async () => {
  const { db, direct } = await open({ statementMilliseconds: 100 });
  const transaction = db.transaction(async (tx) => {
    await tx.run(INSERT, ["idle", 1]);
    await delay(400);
  });
  await assert.rejects(transaction, unavailable("not-done"));
  assert.equal(await countOf(direct, "idle"), 0);
  await db.batch([[INSERT, ["awake", 1]]]);
});

test("transactions that a serializable server refuses are run again, and none is counted twice", async () => {
  const { db, direct } = await open({}, "options=-c%20default_transaction_isolation%3Dserializable");
  await db.batch([[INSERT, ["counter", 0]]]);
  const settled = await Promise.allSettled(
    Array.from({ length: 12 }, (_, n) =>
      n % 2
        ? db.batch([["UPDATE item SET amount = amount + 1 WHERE item_key = $1", ["counter"]]])
        : db.transaction(async (tx) => {
            const { rows } = await tx.run(FIND, ["counter"]);
            await tx.run("UPDATE item SET amount = $2 WHERE item_key = $1", ["counter", Number(rows[0]?.amount) + 1]);
          }),
    ),
  );
  const done = settled.filter(({ status }) => status === "fulfilled").length;
  for (const outcome of settled) {
    if (outcome.status === "rejected") assert.equal(outcome.reason.name, "DatabaseUnavailable");
  }
  assert.ok(done >= 2);
  const { rows } = await direct.query("SELECT amount FROM item WHERE item_key = 'counter'");
  assert.equal(rows[0].amount, done);
});

test("a migration of another server does not disturb statements that were prepared before it", async () => {
  const { db, direct } = await open();
  await db.batch([
    [INSERT, ["old", 1]],
    [FIND, ["old"]],
  ]);
  assert.deepEqual(await db.read(FIND, ["old"]), [{ amount: 1 }]);
  await direct.query("ALTER TABLE item ALTER COLUMN amount TYPE BIGINT");
  assert.deepEqual(await db.read(FIND, ["old"]), [{ amount: 1 }]);
  const [, found] = await db.batch([
    [INSERT, ["new", 2]],
    [FIND, ["new"]],
  ]);
  assert.deepEqual(found?.rows, [{ amount: 2 }]);
});

test("outside BEGIN READ WRITE a session refuses to write, so a lost BEGIN cannot leave half a batch", async () => {
  const { db, direct } = await open();
  const [setting] = await db.read(`SELECT current_setting('default_transaction_read_only') AS "readOnly"`, []);
  assert.equal(setting?.readOnly, "on");
  await assert.rejects(
    db.batch([
      ["COMMIT", []],
      [INSERT, ["outside", 1]],
    ]),
  );
  assert.equal(await countOf(direct, "outside"), 0);
});

test("a COMMIT is durable whatever the database has as its default", async () => {
  const { db, url, direct } = await open();
  await direct.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`);
  const later = await openPostgres("US", url);
  cleanup.push(() => later.close());
  for (const each of [db, later])
    assert.deepEqual(await each.read(`SELECT current_setting('synchronous_commit') AS "level"`, []), [{ level: "on" }]);
});

test("a lock that is not had in the time an operator allows is the database's doing, not the statement's", async () => {
  const { db, direct } = await open({}, "options=-c%20lock_timeout%3D50");
  await direct.query("BEGIN");
  await direct.query(INSERT, ["locked", 1]);
  await assert.rejects(db.batch([[INSERT, ["locked", 2]]]), unavailable("not-done"));
  await direct.query("ROLLBACK");
});

test("now() goes by the database's clock", async () => {
  const { url, direct } = await open();
  const db = await openPostgres("US", url);
  const { rows } = await direct.query("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT) AS now");
  assert.ok(Math.abs(db.now() - Number(rows[0].now)) <= 2);
  await db.close();
});
