import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { startPostgresServer } from "../../../test/lab/postgres.ts";
import { DatabaseUnavailable } from "../database.ts";
import { openPostgres } from "./postgres.ts";

const server = await startPostgresServer();
after(() => server.stop());

async function directly(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server.url("postgres") });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

const INSERT = "INSERT INTO item (item_key) VALUES ($1)";
const FIND = "SELECT item_key FROM item ORDER BY item_key";

test("a server that is a standby answers reads, is unavailable for writes, and takes them when it is promoted", async () => {
  await directly("CREATE TABLE item (item_key TEXT NOT NULL PRIMARY KEY)");
  const db = await openPostgres("US", server.url("postgres"));
  after(() => db.close());
  await db.batch([[INSERT, ["before"]]]);
  const signal = "COPY (SELECT '') TO PROGRAM 'touch standby.signal'"; // PostgreSQL works in its data directory
  await directly(signal);
  await server.shutDown();
  await server.start();

  await db.read(FIND, []).catch(notYet); // connections of before are gone
  assert.deepEqual(await db.read(FIND, []), [{ item_key: "before" }]);
  const unavailable = { name: "DatabaseUnavailable", outcome: "not-done" };
  for (let tries = 0; tries < 3; tries++) {
    await assert.rejects(db.batch([[INSERT, ["batch"]]]), unavailable);
    await assert.rejects(
      db.transaction((tx) => tx.run(INSERT, ["transaction"])),
      unavailable,
    );
  }
  await directly("SELECT pg_promote()");
  while (!(await db.batch([[INSERT, ["after"]]]).then(() => true, notYet)));
  assert.deepEqual(await db.read(FIND, []), [{ item_key: "after" }, { item_key: "before" }]);
});

function notYet(error: unknown): false {
  if (error instanceof DatabaseUnavailable) return false;
  throw error;
}
