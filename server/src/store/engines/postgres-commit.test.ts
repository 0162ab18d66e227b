import assert from "node:assert/strict";
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
