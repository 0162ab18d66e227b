import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type FoundStatement, found } from "../../test/support/store-statements.ts";
import { splitStatements } from "./engines/migrate.ts";

/** The rules of docs/decisions/portable-sql.md, held by every SQL text; where one is allowed to break a rule, it says why. */

const SRC = fileURLToPath(new URL("..", import.meta.url));

interface Rule {
  title: string;
  /** A text that breaks it. */
  broken: string;
  /** Whether a text, without its literals, breaks it. */
  isBroken(sql: string): boolean;
  /** `file NAME` -> the reason. */
  except?: Readonly<Record<string, string>>;
}

const SERVERS_WORD =
  /\b(TRUE|FALSE|BOOLEAN|ARRAY|ANY|ILIKE|GLOB|REGEXP|COLLATE|LATERAL|MERGE|REPLACE|ROWID|OFFSET|NOW|CURRENT_\w+|RANDOM|NEXTVAL|LASTVAL|GEN_RANDOM_UUID|DATETIME|STRFTIME|UNIXEPOCH|JSON_\w+|JSONB_\w+)\b|::|->|~|\[|\bDISTINCT ON\b|\bIS (NOT )?DISTINCT\b|\bINSERT OR\b/i;
const LOCKS = /\b(LOCK|LISTEN|NOTIFY|SKIP|TRUNCATE|REFERENCES|PG_\w+)\b|\bFOR (UPDATE|SHARE|NO KEY)\b/i;
const VERSIONED = ["app", "api_credential", "scope", "account", "installation", "installation_user", "team_profile"];

const RULES: readonly Rule[] = [
  {
    title: "no statement has a word that only one engine knows, or a value that the database makes",
    broken: "SELECT 1::BIGINT",
    isBroken: (sql) => SERVERS_WORD.test(sql),
  },
  {
    title: "no statement locks, listens, truncates or leans on a foreign key",
    broken: "SELECT seq FROM change WHERE seq = $1 FOR UPDATE",
    isBroken: (sql) => LOCKS.test(sql),
  },
  {
    title: "no statement selects or returns all columns, whatever they will be",
    broken: "UPDATE app SET name = $1 WHERE client_id = $2 RETURNING *",
    isBroken: (sql) => /(SELECT|RETURNING|,)\s+(\w+\.)?\*/i.test(sql),
  },
  {
    title: "what is removed is named by its whole key, or goes in batches below 1,000 rows",
    broken: "DELETE FROM token WHERE installation_id = $1",
    isBroken: (sql) => {
      const [, table = ""] = /^\s*DELETE FROM (\w+)/.exec(sql) ?? [];
      if (table === "") return false;
      const limit = /\bLIMIT (\$?)(\d+)/.exec(sql);
      if (limit) return limit[1] === "" && Number(limit[2]) >= 1_000;
      const key = keyOf(table);
      return key.length === 0 || !key.every((column) => new RegExp(`\\b${column} = \\$`).test(sql));
    },
    except: {
      "directory/apps.ts REMOVE_SECRETS": "an app has a handful",
      "directory/peppers.ts REMOVE_OLDER": "there are never more than two",
      "region/links.ts END_SESSIONS":
        "an account has as many as its owner has browsers; all or none must end with the password",
      "region/sessions.ts END_ALL_BUT": "as many as its owner has browsers, and all or none must end",
      "region/password-changes.ts END_OTHER_SESSIONS":
        "as many as its owner has browsers; all or none must end with the password",
      "region/connections.ts END_CODES":
        "as many as one user's browsers opened within a quarter of an hour; all or none must end",
      "region/codes.ts END_UNSEEN_REFRESH": "an exchange that nobody saw made one",
      "region/team-invitations.ts REMOVE_OF_EMAIL": "a team has one for an e-mail",
      "region/team-invitations.ts REMOVE_LATE": "of one team, which removes them with each that it sends",
      "region/moving.ts UNMARK_OTHERS": "an installation moves once at a time",
      "region/moving.ts UNMARK_OTHERS 2": "an account moves once at a time",
    },
  },
  {
    title: "what many rows answer is read in pages",
    broken: "SELECT token_id FROM token WHERE expires_at < $1",
    isBroken: (sql) =>
      /^\s*SELECT\b/.test(sql) &&
      !/\bLIMIT\b|COUNT\(\*\)/.test(sql) &&
      /\bFROM \w/.test(sql) &&
      !/[^<>]= \$|= 'x'|\bIN \(\$/.test(sql),
    except: {
      "directory/peppers.ts LIST": "there are never more than two",
      "directory/regions.ts ALL": "as many as an operator has databases",
      "directory/signing-keys.ts LIST": "two, and a few old ones",
      "directory/apps.ts SECRETS_BETWEEN": "of one page of apps",
      "region/users.ts SELECT": "the beginning of others",
      "region/installations.ts SELECT": "the beginning of others",
      "region/lookups.ts USERS": "the beginning of others",
    },
  },
  {
    title: "order is that of numbers, times, ids and hashes: engines disagree about words",
    broken: "SELECT user_id FROM installation_user WHERE installation_id = $1 ORDER BY last_name LIMIT 10",
    isBroken: (sql) => {
      const [, list = ""] = /\bORDER BY ([^)]*?)(?=\bLIMIT\b|\)|$)/i.exec(sql) ?? [];
      const columns = list.split(",").map((part) =>
        part
          .trim()
          .replace(/ (ASC|DESC)$/i, "")
          .replace(/^\w+\./, ""),
      );
      return (
        list !== "" &&
        columns.some((column) => !/(_id|_hash|_key|_at|^at|^hour|^seq|^generation|subject)$/.test(column))
      );
    },
    except: {
      "directory/regions.ts ALL": "names are [A-Z][A-Z0-9]*, alike everywhere",
      "directory/scopes.ts PAGE": "a page goes on where the same engine ended the last one",
    },
  },
  {
    title: "a row with a version is changed under the version that was read",
    broken: "UPDATE app SET name = $1 WHERE client_id = $2",
    isBroken: (sql) => {
      const [, table = ""] = /^\s*UPDATE (\w+)/.exec(sql) ?? [];
      return VERSIONED.includes(table) && !(/version = version \+ 1/.test(sql) && /\bversion = \$/.test(sql));
    },
    except: {
      "region/links.ts SET_PASSWORD": "guarded by the link that it spends",
      "region/links.ts SET_FIRST_PASSWORD": "guarded by the link that it spends",
      "region/password-changes.ts CHANGE": "guarded by the password that it replaces",
      "region/moving-rows.ts MOVE_USERS": "where the account lives is no field that anybody edits",
      "region/moving.ts SET_ADDRESSES": "only the move itself writes, and everybody else waits",
    },
  },
  {
    title: "what is joined within an installation is joined by its id, so that one node can answer",
    broken: "SELECT u.email FROM token t JOIN installation_user u ON u.user_id = t.user_id WHERE t.token_hash = $1",
    isBroken: (sql) =>
      [...sql.matchAll(/\bJOIN (company|consent|installation|installation_user)\b.*?(?=\bJOIN\b|\bWHERE\b|$)/gi)].some(
        ([join]) => !/installation_id = /.test(join),
      ),
  },
  {
    title: "rows are inserted under keys that nobody else draws, or conflicts are counted",
    broken: "INSERT INTO installation_route (installation_id, region) VALUES ($1, $2)",
    isBroken: (sql) => {
      const [, table = ""] = /^\s*INSERT INTO (\w+)/.exec(sql) ?? [];
      if (table === "" || /ON CONFLICT/.test(sql)) return false;
      return !keyOf(table).some((column) =>
        /_hash$|^(audit|mail|client|secret|credential|key|team|session|account)_id$|^seq$/.test(column),
      );
    },
    except: { "region/installations.ts ADD": "ids come in blocks from the directory, each once" },
  },
];

for (const { title, broken: example, isBroken, except = {} } of RULES) {
  test(title, () => {
    const broken = found.filter((statement) => isBroken(withoutLiterals(statement.sql))).map(nameOf);
    assert.deepEqual(
      broken.filter((name) => except[name] === undefined),
      [],
    );
    const there = new Set(found.map(nameOf));
    const needless = Object.keys(except).filter((name) => there.has(name) && !broken.includes(name));
    assert.deepEqual(needless, [], "an exception that is none any more");
    assert.ok(isBroken(example), "it sees what breaks it");
  });
}

interface Table {
  name: string;
  columns: readonly { name: string; definition: string }[];
  key: readonly string[];
}

const migrations = ["directory", "region"].flatMap((kind) =>
  globSync(`store/migrations/${kind}/*.sql`, { cwd: SRC }).flatMap((file) =>
    splitStatements(readFileSync(SRC + file, "utf8")).map((sql) => ({ kind, file, sql: sql.replace(/\s+/g, " ") })),
  ),
);
const tables = migrations.flatMap(({ kind, sql }) => {
  const table = tableOf(sql);
  return table ? [{ kind, ...table }] : [];
});

test("tables have columns of three types, a key, and nothing that one engine alone has", () => {
  assert.ok(tables.length > 20);
  for (const { name, columns, key } of tables) {
    assert.notEqual(name, "user", "PostgreSQL reads it as current_user");
    assert.ok(key.length > 0, `${name} has a primary key`);
    for (const column of columns) {
      assert.match(
        column.definition,
        /^(TEXT|INTEGER|BIGINT)( NOT NULL)?( PRIMARY KEY)?( DEFAULT (-?\d+|'[^']*'))?$/,
        `${name}.${column.name}`,
      );
      if (key.includes(column.name)) assert.match(column.definition, /NOT NULL/, `${name}.${column.name}`);
    }
  }
});

test("migrations make tables, columns, indexes and first rows, and nothing else", () => {
  for (const { file, sql } of migrations) {
    assert.match(sql, /^(CREATE TABLE|CREATE (UNIQUE )?INDEX|ALTER TABLE \w+ ADD COLUMN|INSERT INTO|UPDATE) /, file);
    assert.ok(!SERVERS_WORD.test(withoutLiterals(sql)) && !LOCKS.test(sql), `${file}: ${sql}`);
    if (sql.startsWith("INSERT")) assert.match(sql, /ON CONFLICT DO NOTHING$/, "it may run twice");
  }
});

/** Found by a hash that names one row wherever it is; whoever asks knows nothing else yet. */
const FOUND_BY_HASH = ["code", "token", "refresh_token", "link"];

/** Rows of an app, which say in which installation something happened: distributed by the app. */
const OF_AN_APP = ["login_event"];

test("a table of an installation begins its key with the installation, or is found by a hash", () => {
  const ofInstallation = tables.filter(
    ({ kind, columns }) => kind === "region" && columns.some(({ name }) => name === "installation_id"),
  );
  for (const { name, key } of ofInstallation) {
    if (OF_AN_APP.includes(name)) assert.equal(key[0], "client_id", name);
    else if (FOUND_BY_HASH.includes(name)) assert.match(key.join(), /^\w+_hash$/, name);
    else assert.equal(key[0], "installation_id", name);
  }
  assert.ok(ofInstallation.length > 5);
});

/** A distributed engine can keep a unique index only where it begins with what it distributes by. */
const UNIQUE_ACROSS: Readonly<Record<string, string>> = {
  account_email_key: "one account for an e-mail in its region: there the table of accounts is distributed by email_key",
  token_id: "128 random bits, unique without the index",
};

test("a unique index is one of the installation", () => {
  for (const { sql } of migrations) {
    const [, index = "", column = ""] = /^CREATE UNIQUE INDEX (\w+) ON \w+ \((\w+)/.exec(sql) ?? [];
    if (index !== "" && UNIQUE_ACROSS[index] === undefined) assert.equal(column, "installation_id", index);
  }
});

test("nobody makes decisions by catching a broken constraint: conflicts are counts", () => {
  const sources = globSync("{store,domain,http}/**/*.ts", { cwd: SRC }).filter((file) => !file.endsWith(".test.ts"));
  const catching = sources.filter((file) =>
    /23505|SQLITE_CONSTRAINT|UNIQUE constraint|duplicate key/.test(readFileSync(SRC + file, "utf8")),
  );
  // Migrations alone: two processes that make one table at once, which no ON CONFLICT can say.
  assert.deepEqual(
    catching.filter((file) => file !== "store/engines/migrate.ts"),
    [],
  );
});

const nameOf = ({ file, name }: FoundStatement) => `${file} ${name}`;

function withoutLiterals(sql: string): string {
  return sql
    .replace(/\s+/g, " ")
    .replace(/'[^']*'/g, "'x'")
    .replace(/"[^"]*"/g, "x");
}

function keyOf(table: string): readonly string[] {
  return tables.find(({ name }) => name === table)?.key ?? [];
}

function tableOf(sql: string): Table | undefined {
  const [, name = "", body = ""] = /^CREATE TABLE (\w+) \( ?(.*?) ?\)$/.exec(sql) ?? [];
  if (name === "") return undefined;
  const [, together = ""] = /, PRIMARY KEY \(([^)]*)\)/.exec(body) ?? [];
  const columns = body
    .replace(/, PRIMARY KEY \([^)]*\)/, "")
    .split(", ")
    .map((part) => {
      const [column = "", ...definition] = part.trim().split(" ");
      return { name: column, definition: definition.join(" ") };
    });
  const alone = columns.find(({ definition }) => definition.includes("PRIMARY KEY"));
  return { name, columns, key: alone ? [alone.name] : together.split(", ").filter(Boolean) };
}
