import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import pg from "pg";
import { startEngines } from "../../test/support/engines.ts";
import { parseStatement } from "./engines/statement.ts";
import { openDatabase } from "./open.ts";

/** Every SQL text of the store, on a migrated database of each engine. */

type Kind = "directory" | "region";

const STORE = fileURLToPath(new URL(".", import.meta.url));
const VERB = "(?:SELECT|INSERT|UPDATE|DELETE|WITH)";
const CONSTANT = /^(?:export )?const ([A-Z][A-Z0-9_]*)\b[^=]*=[\s\S]*?;$/gm;

const sources = ["directory", "region", ""].flatMap((room) =>
  readdirSync(STORE + room)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => ({ file: room ? `${room}/${file}` : file, room })),
);
const textOf = (file: string) => readFileSync(STORE + file, "utf8");

// Loads each file once more with its constants exported, so that JavaScript itself puts their texts together.
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith("?constants")) return loaded;
    const names = [...String(loaded.source).matchAll(CONSTANT)].map(([, name]) => name);
    return { ...loaded, source: `${loaded.source}\nexport const constants = { ${names.join(", ")} };` };
  },
});

const engines = await startEngines();
const found = (await Promise.all(sources.map(statementsOf))).flat();

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

async function statementsOf({ file, room }: { file: string; room: string }) {
  const { constants } = await import(`${pathToFileURL(STORE + file)}?constants`);
  const kinds: Kind[] = room === "" ? ["directory", "region"] : [room as Kind];
  return Object.entries(constants).flatMap(([name, value]) =>
    textsIn(value)
      .filter((text) => new RegExp(`^\\s*${VERB}\\b`).test(text))
      .map((sql, index) => ({ file, name: index === 0 ? name : `${name} ${index + 1}`, sql, kinds })),
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsIn);
  return [];
}
