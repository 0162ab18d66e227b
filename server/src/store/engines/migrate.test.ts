import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { openEngine, startEngines } from "../../../test/support/engines.ts";
import type { Database } from "../database.ts";
import { openDatabase } from "../open.ts";
import { type Migration, migrate, splitStatements } from "./migrate.ts";

const engines = await startEngines();
after(() => engines.stop());

const FIRST: Migration = {
  file: "001-first.sql",
  statements: [
    "CREATE TABLE thing (thing_key TEXT NOT NULL PRIMARY KEY, amount BIGINT NOT NULL)",
    "CREATE INDEX thing_amount ON thing (amount)",
    "INSERT INTO thing (thing_key, amount) VALUES ('seed', 1) ON CONFLICT DO NOTHING",
  ],
};
const SECOND: Migration = { file: "002-colour.sql", statements: ["ALTER TABLE thing ADD COLUMN colour TEXT"] };

const recorded = async (db: Database) =>
  (await db.read(`SELECT file, statement FROM migration ORDER BY file, statement`, [])).map((row) =>
    Object.values(row),
  );

for (const engine of engines.all) {
  describe(engine.name, () => {
    test("migrations run once, and later files join", async () => {
      const db = await openEngine(await engine.newAddress());
      await migrate(db, [FIRST]);
      await db.batch([["UPDATE thing SET amount = 2", []]]);
      await migrate(db, [FIRST]);
      await migrate(db, [FIRST, SECOND]);
      assert.deepEqual(await db.read("SELECT thing_key, amount, colour FROM thing", []), [
        { thing_key: "seed", amount: 2, colour: null },
      ]);
      assert.deepEqual(await recorded(db), [
        ["001-first.sql", 1],
        ["001-first.sql", 2],
        ["001-first.sql", 3],
        ["002-colour.sql", 1],
      ]);
      await db.close();
    });

    test("several servers that start at once on an empty database all come up", async () => {
      const address = await engine.newAddress();
      const databases = await Promise.all([1, 2, 3, 4].map(() => openDatabase(address, "test", "region")));
      for (const db of databases) {
        assert.deepEqual(await db.read("SELECT COUNT(*) AS accounts FROM account", []), [{ accounts: 0 }]);
        await db.close();
      }
    });

    test("a migration that broke off half way goes on where it was, also after a statement that was done but not recorded", async () => {
      const db = await openEngine(await engine.newAddress());
      const broken = {
        ...FIRST,
        statements: [FIRST.statements[0] ?? "", "CREATE INDEX nonsense ON nowhere (nothing)"],
      };
      await assert.rejects(migrate(db, [broken]), { name: "StatementFailed" });
      await db.batch([[FIRST.statements[1] ?? "", []]]);
      await migrate(db, [FIRST, SECOND]);
      await db.batch([["DELETE FROM migration WHERE file = $1", [SECOND.file]]]);
      await migrate(db, [FIRST, SECOND]);
      assert.equal((await recorded(db)).length, 4);
      await db.close();
    });

    test("a statement that was edited after it ran is refused, its spacing excepted", async () => {
      const db = await openEngine(await engine.newAddress());
      await migrate(db, [FIRST]);
      await migrate(db, [{ ...FIRST, statements: FIRST.statements.map((sql) => sql.replaceAll(" ", "\n  ")) }]);
      const edited = { ...FIRST, statements: FIRST.statements.map((sql) => sql.replace("BIGINT", "INTEGER")) };
      await assert.rejects(migrate(db, [edited]), /Statement 1 of 001-first.sql was changed/);
      await db.close();
    });

    test("one who holds the lock is waited for until its lock expires", async () => {
      const db = await openEngine(await engine.newAddress());
      await migrate(db, [FIRST]);
      const hold = "UPDATE migration_lock SET owner = 'another server', expires_at = $1";
      await db.batch([[hold, [db.now() + 3600]]]);
      const second = migrate(db, [FIRST, SECOND]);
      const waited = await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 250, "waits"))]);
      assert.equal(waited, "waits");
      assert.equal((await recorded(db)).length, 3);
      await db.batch([[hold, [db.now() - 1]]]);
      await second;
      assert.equal((await recorded(db)).length, 4);
      await db.close();
    });
  });
}

test("statements end at a semicolon at the end of a line, and comments are left out", () => {
  const text = "-- The first; and only.\nCREATE TABLE a (\n  b TEXT -- its b;\n);\n\nINSERT INTO a VALUES ('x;y');\n";
  assert.deepEqual(splitStatements(text), ["CREATE TABLE a (\n  b TEXT\n)", "INSERT INTO a VALUES ('x;y')"]);
});
