import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { startPostgres } from "../../../test/support/postgres.ts";
import type { Param } from "../database.ts";
import { type Query, roundTrip } from "./postgres-round-trip.ts";
import { namedStatements } from "./postgres-statements.ts";

/** What a connection remembers of the statements that went over it, when some of them fail. */

const postgres = await startPostgres();
const clients: pg.Client[] = [];
after(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await postgres.stop();
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: await postgres.createDatabase(), pipeline: true });
  clients.push(client);
  await client.connect();
  await client.query("CREATE TABLE item (item_key TEXT PRIMARY KEY, amount BIGINT NOT NULL)");
  return client;
}

const INSERT = "INSERT INTO item (item_key, amount) VALUES ($1, $2)";
const ADD = "UPDATE item SET amount = amount + $2 WHERE item_key = $1";
const FIND = `SELECT item_key AS "itemKey", amount FROM item WHERE item_key = $1`;

/** Statements in a transaction block, as batches send them. */
function block(queryOf: ReturnType<typeof namedStatements>, ...statements: [string, Param[]][]): Query[] {
  return ([["BEGIN", []], ...statements, ["COMMIT", []]] as [string, Param[]][]).map(([sql, params]) =>
    queryOf(sql, params),
  );
}

const codeOf = (failure: unknown) => (failure as { code?: string } | undefined)?.code;

test("what was skipped behind a failure is known to be unknown, and works on the same connection", async () => {
  const client = await connect();
  const queryOf = namedStatements();
  await roundTrip(client, block(queryOf, [INSERT, ["taken", 1]]));

  const failed = await roundTrip(
    client,
    block(queryOf, [INSERT, ["taken", 2]], [ADD, ["taken", 5]], [FIND, ["taken"]]),
  );
  assert.equal(codeOf(failed.failure), "23505");
  assert.equal(failed.results.length, 1, "BEGIN was done, and nothing else");
  await roundTrip(client, [queryOf("ROLLBACK", [])]);

  const done = await roundTrip(client, block(queryOf, [ADD, ["taken", 5]], [FIND, ["taken"]]));
  assert.equal(done.failure, undefined);
  assert.equal(done.lastCommand, "COMMIT");
  assert.deepEqual(done.results[2], { count: 1, rows: [{ itemKey: "taken", amount: 6 }] });
});

test("a statement that could not be planned is told again until it can, and then a new connection plans it", async () => {
  const client = await connect();
  const query = namedStatements()("SELECT colour FROM paint WHERE colour = $1", ["red"]);
  const { failure } = await roundTrip(client, [query]);
  assert.equal(codeOf(failure), "42P01");
  await client.query("CREATE TABLE paint (colour TEXT)");
  const again = await roundTrip(client, [query]);
  assert.equal(codeOf(again.failure), "26000", "whoever asks tries a new connection at this");
});

test("statements that are asked for at once, before any was answered, are planned once and all answered", async () => {
  const client = await connect();
  const queryOf = namedStatements();
  await roundTrip(client, block(queryOf, [INSERT, ["one", 1]], [INSERT, ["two", 2]]));
  const keys = ["one", "two", "three", "one"];
  const all = await Promise.all(keys.map((key) => roundTrip(client, [queryOf(FIND, [key])])));
  assert.deepEqual(
    all.map(({ results }) => results[0]?.rows.map(({ amount }) => amount)),
    [[1], [2], [], [1]],
  );
  const { rows } = await client.query("SELECT count(*) AS n FROM pg_prepared_statements WHERE statement = $1", [FIND]);
  assert.equal(Number(rows[0].n), 1);
});

test("a statement without a name is planned each time, between others that have one", async () => {
  const client = await connect();
  const queryOf = namedStatements();
  const nameless = (sql: string, params: Param[]): Query => ({ ...queryOf(sql, params), name: "" });
  for (const key of ["first", "second"]) {
    const { results, failure } = await roundTrip(client, [
      nameless(INSERT, [key, 1]),
      queryOf(ADD, [key, 2]),
      nameless(FIND, [key]),
    ]);
    assert.equal(failure, undefined);
    assert.deepEqual(results[2]?.rows, [{ itemKey: key, amount: 3 }]);
  }
});

test("a failure in one of several that are under way is its own alone", async () => {
  const client = await connect();
  const queryOf = namedStatements();
  const half = (by: number) => roundTrip(client, [queryOf(`SELECT 6 / CAST($1 AS INTEGER) AS "half"`, [by])]);
  const [two, none, three] = await Promise.all([half(2), half(0), half(3)]);
  assert.deepEqual(two?.results[0]?.rows, [{ half: 3 }]);
  assert.equal(codeOf(none?.failure), "22012");
  assert.deepEqual(three?.results[0]?.rows, [{ half: 2 }]);
});
