import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import pg from "pg";
import { startEngines } from "../../test/support/engines.ts";
import { CONSTANT, found, sources, textOf, VERB } from "../../test/support/store-statements.ts";
import { parseStatement } from "./engines/statement.ts";
import { openDatabase } from "./open.ts";

/** Every SQL text of the store, on a migrated database of each engine. */

const engines = await startEngines();

/** One migrated database of each engine and kind, spoken to without our own engine in between. */
const databases = Object.fromEntries(
  await Promise.all(
    (["directory", "region"] as const).map(async (kind) => {
      const [sqlite, postgres] = await Promise.all(
        engines.all.map(async (engine) => {
          const address = await engine.newAddress();
          await (await openDatabase(address, "test", kind)).close();
          return address;
        }),
      );
      assert.ok(sqlite?.engine === "sqlite" && postgres?.engine === "postgres");
      const client = new pg.Client({ connectionString: postgres.url });
      await client.connect();
      return [kind, { sqlite: new DatabaseSync(sqlite.file), postgres: client }] as const;
    }),
  ),
);
after(async () => {
  for (const { sqlite, postgres } of Object.values(databases)) {
    sqlite.close();
    await postgres.end();
  }
  await engines.stop();
});

test("the scan finds the store's statements", () => assert.ok(found.length > 20, `only ${found.length}`));

for (const { file } of sources) {
  test(`every SQL text of store/${file} is a constant at the top of its file`, () => {
    const rest = textOf(file).replace(CONSTANT, "");
    assert.deepEqual(rest.match(new RegExp(`["'\`]\\s*${VERB}\\s.*`, "g")) ?? [], []);
  });
}

for (const { file, name, sql, kinds } of found) {
  for (const kind of kinds) {
    test(`${file} ${name} runs on both engines, with the same column names (${kind})`, async () => {
      const { sqlite, postgres } = databases[kind] as { sqlite: DatabaseSync; postgres: pg.Client };
      const { questionMarks, parameterCount } = parseStatement(sql);
      const columns = sqlite.prepare(questionMarks).columns();
      const names = await columnsInPostgres(postgres, sql, parameterCount);
      if (names)
        assert.deepEqual(
          names,
          columns.map((column) => column.name),
        );
    });
  }
}

/** Given nulls, PostgreSQL resolves every name and type and may then refuse the values: only that is allowed to fail. */
async function columnsInPostgres(
  client: pg.Client,
  sql: string,
  parameterCount: number,
): Promise<string[] | undefined> {
  await client.query("BEGIN");
  try {
    const { fields } = await client.query(sql, new Array(parameterCount).fill(null));
    return fields.map((field) => field.name);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !/^2[23]/.test(error.code ?? "")) throw error;
    return undefined;
  } finally {
    await client.query("ROLLBACK");
  }
}
