import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { after, test } from "node:test";
import pg from "pg";
import { startPostgresServer } from "../../../test/lab/postgres.ts";
import { DatabaseUnavailable } from "../database.ts";
import { openPostgres } from "./postgres.ts";

/** A session that is ended just while it commits: whether the work is done must never be told wrongly. */

/** Each COMMIT waits so long before it goes to the disk: time to end the session in the midst of it. */
const COMMIT_MICROSECONDS = 100_000;
const server = await startPostgresServer({
  fsync: true,
  settings: { commit_delay: String(COMMIT_MICROSECONDS), commit_siblings: "0" },
});
const direct = new pg.Client({ connectionString: server.url("postgres") });
await direct.connect();
await direct.query("CREATE TABLE item (item_key TEXT NOT NULL PRIMARY KEY)");
const db = await openPostgres("US", server.url("postgres"));
after(async () => {
  await db.close();
  await direct.end();
  await server.stop();
});

const INSERT = "INSERT INTO item (item_key) VALUES ($1)";
const END_WHO_COMMITS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE application_name = 'latchkey' AND state = 'active' AND query = 'COMMIT'`;
const TURNS = 8;

/** Ends the session that is in its COMMIT, and answers with what the caller was told: done, or the outcome. */
async function endedInCommit(work: Promise<unknown>): Promise<string> {
  let over = false;
  const told = work
    .then(
      () => "done",
      (error) => (error instanceof DatabaseUnavailable ? error.outcome : Promise.reject(error)),
    )
    .finally(() => {
      over = true;
    });
  told.catch(() => {});
  while (!over && (await direct.query(END_WHO_COMMITS)).rowCount === 0);
  return told;
}

async function isThere(key: string): Promise<boolean> {
  return (await direct.query("SELECT 1 FROM item WHERE item_key = $1", [key])).rowCount === 1;
}

for (const [what, begin] of Object.entries({
  batch: (key: string) => db.batch([[INSERT, [key]]]),
  transaction: (key: string) => db.transaction((tx) => tx.run(INSERT, [key])),
}))
  test(`a ${what} whose session is ended in its COMMIT is told as it is, or as unknown`, async () => {
    for (let turn = 0; turn < TURNS; turn++) {
      const key = `${what} ${turn}`;
      const told = await endedInCommit(begin(key));
      if (told !== "unknown") assert.equal(told, (await isThere(key)) ? "done" : "not-done");
    }
  });

/** A way to the server on which sessions end between the answer to COMMIT and ReadyForQuery, as in a shutdown at that moment. */
async function wayThatEndsBehindCommit(): Promise<string> {
  const answered = Buffer.from("COMMIT\0Z");
  const fields = ["SFATAL", "VFATAL", "C57P01", "Mterminating connection due to administrator command", ""].join("\0");
  const fatal = Buffer.concat([Buffer.from("E"), Buffer.alloc(4), Buffer.from(`${fields}\0`)]);
  fatal.writeUInt32BE(fatal.length - 1, 1);
  const way = createServer((near) => {
    const far = connect(server.port, "127.0.0.1");
    near.on("error", () => {}).on("close", () => far.destroy());
    far.on("error", () => {}).on("close", () => near.destroy());
    near.pipe(far);
    far.on("data", (chunk) => {
      const at = chunk.indexOf(answered);
      if (at < 0) near.write(chunk);
      else near.end(Buffer.concat([chunk.subarray(0, at + answered.length - 1), fatal]));
    });
  });
  await once(way.listen(0, "127.0.0.1"), "listening");
  after(() => way.close());
  const url = new URL(server.url("postgres"));
  url.port = String((way.address() as AddressInfo).port);
  return url.href;
}

test("what was answered before its session was ended is done, and who waited for the connection gets another one", async () => {
  const narrow = await openPostgres("US", await wayThatEndsBehindCommit(), { writersMax: 1 });
  after(() => narrow.close());
  const keys = ["first", "second", "third"];
  await Promise.all(keys.map((key) => narrow.batch([[INSERT, [key]]])));
  for (const key of keys) assert.ok(await isThere(key));
  await narrow.transaction((tx) => tx.run(INSERT, ["fourth"]));
  assert.ok(await isThere("fourth"));
});

test("what a transaction asks for too late, during its COMMIT, is refused and changes nothing", async () => {
  let late: Promise<unknown> = Promise.resolve();
  await db.transaction(async (tx) => {
    await tx.run(INSERT, ["in time"]);
    setTimeout(() => {
      late = tx.run(INSERT, ["late"]);
      late.catch(() => {});
    }, COMMIT_MICROSECONDS / 10_000);
  });
  await assert.rejects(late, /The transaction is over/);
  assert.deepEqual([await isThere("in time"), await isThere("late")], [true, false]);
});

test("a batch that is ended by what it does in its COMMIT may have happened, and the next one is served", async () => {
  await direct.query(`CREATE TABLE trap (item_key TEXT);
    CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER ends AFTER INSERT ON trap DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION end_session()`);
  const unknown = { name: "DatabaseUnavailable", outcome: "unknown" };
  await assert.rejects(db.batch([["INSERT INTO trap (item_key) VALUES ($1)", ["any"]]]), unknown);
  await db.batch([[INSERT, ["afterwards"]]]);
  assert.equal(await isThere("afterwards"), true);
});

test("what a deferred constraint refuses at COMMIT is the statement's failure, and not done", async () => {
  await direct.query("CREATE TABLE twin (item_key TEXT UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  const twins = [1, 2].map(() => ["INSERT INTO twin (item_key) VALUES ($1)", ["same"]] as const);
  await assert.rejects(db.batch(twins), { name: "StatementFailed", code: "23505" });
  assert.equal((await direct.query("SELECT 1 FROM twin")).rowCount, 0);
});
