import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadConfig, SettingsError } from "./config.ts";

const data = mkdtempSync(join(tmpdir(), "latchkey-config-"));
after(() => rmSync(data, { recursive: true }));

const SECRET = Buffer.alloc(32, 7).toString("base64");
const PRODUCTION = {
  NODE_ENV: "production",
  LATCHKEY_URL: "https://login.example.com",
  LATCHKEY_SECRET: SECRET,
  LATCHKEY_ADMIN_TOKEN: "0123456789abcdef",
  LATCHKEY_SMTP_URL: "smtp://user:hunter2@mail.example.com",
  LATCHKEY_MAIL_FROM: "Acme <login@example.com>",
};
const DEVELOPMENT = { LATCHKEY_SECRET: SECRET, LATCHKEY_ADMIN_TOKEN: "t", LATCHKEY_DATA: data };

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems;
  }
}

test("without any setting there is a development server of two embedded regions", () => {
  const config = loadConfig({ LATCHKEY_DATA: data });
  assert.equal(config.url, "http://localhost:4400");
  assert.equal(`${config.host}:${config.port}`, "127.0.0.1:4400");
  assert.deepEqual(config.directory, { engine: "sqlite", file: join(data, "directory.db") });
  assert.deepEqual(
    config.regions.map(({ name, database }) => [name, database.engine]),
    [
      ["US", "sqlite"],
      ["EU", "sqlite"],
    ],
  );
  assert.ok(config.demo && config.limits && !config.production && !config.plainHttpRedirects);
  assert.ok(Object.isFrozen(config));
});

test("outside production the base key and the admin token are made once, and only their owner can read them", () => {
  const directory = join(data, "fresh");
  const first = loadConfig({ LATCHKEY_DATA: directory });
  const second = loadConfig({ LATCHKEY_DATA: directory });
  assert.equal(first.secret.length, 32);
  assert.deepEqual(first.secret, second.secret);
  assert.equal(first.adminToken, second.adminToken);
  assert.ok(first.adminToken.length >= 40);
  assert.equal(readFileSync(join(directory, "admin-token"), "utf8").trim(), first.adminToken);
  assert.deepEqual(readdirSync(directory).sort(), ["admin-token", "secret"]);
  assert.equal(statSync(join(directory, "secret")).mode & 0o777, 0o600);
});

test("production makes no secret: each that is missing is named", () => {
  const problems = problemsOf({ NODE_ENV: "production", LATCHKEY_URL: "https://login.example.com" });
  for (const name of ["SECRET", "ADMIN_TOKEN", "SMTP_URL", "MAIL_FROM"])
    assert.ok(
      problems.some((problem) => problem.startsWith(`LATCHKEY_${name} is required`)),
      name,
    );
  assert.deepEqual(problemsOf(PRODUCTION), []);
});

test("production refuses plain http, limits off, the demo and a short admin token", () => {
  for (const [name, value] of [
    ["LATCHKEY_URL", "http://login.example.com"],
    ["LATCHKEY_LIMITS", "off"],
    ["LATCHKEY_DEMO", "on"],
    ["LATCHKEY_ADMIN_TOKEN", "short"],
  ] as const)
    assert.match(problemsOf({ ...PRODUCTION, [name]: value }).join(), new RegExp(name), name);
  assert.deepEqual(problemsOf({ ...PRODUCTION, LATCHKEY_URL: "http://localhost:4400" }), []);
});

test("sign-up is closed unless it is opened, or the demo is on and nothing else is said", () => {
  assert.equal(loadConfig(DEVELOPMENT).signUp, "developers");
  assert.equal(loadConfig({ ...DEVELOPMENT, LATCHKEY_DEMO: "off" }).signUp, "closed");
  assert.equal(loadConfig({ ...DEVELOPMENT, LATCHKEY_SIGN_UP: "closed" }).signUp, "closed");
  assert.equal(loadConfig(PRODUCTION).signUp, "closed");
  assert.equal(loadConfig({ ...PRODUCTION, LATCHKEY_SIGN_UP: "developers" }).signUp, "developers");
  assert.match(problemsOf({ ...DEVELOPMENT, LATCHKEY_SIGN_UP: "open" }).join(), /LATCHKEY_SIGN_UP/);
});

test("every wrong setting is told in one message", () => {
  const problems = problemsOf({
    ...DEVELOPMENT,
    LATCHKEY_URL: "https://login.example.com/",
    LATCHKEY_PORT: "70000",
    LATCHKEY_REGIONS: "us",
    LATCHKEY_WORKERS: "many",
    LATCHKEY_LIMITS: "maybe",
    LATCHKEY_TRUSTED_PROXIES: "10.0.0.0/33",
    LATCHKEY_SMTP_URL: "https://mail.example.com",
  });
  for (const name of ["URL", "PORT", "REGIONS", "WORKERS", "LIMITS", "TRUSTED_PROXIES", "SMTP_URL", "MAIL_FROM"])
    assert.ok(
      problems.some((problem) => problem.startsWith(`LATCHKEY_${name}`)),
      name,
    );
});

test("LATCHKEY_URL is an origin in its normal form", () => {
  for (const wrong of [
    "login.example.com",
    "ftp://login.example.com",
    "https://login.example.com/",
    "https://login.example.com/login",
    "https://login.example.com?x",
    "https://login.example.com#x",
    "https://user@login.example.com",
    "https://LOGIN.example.com",
    "https://login.example.com:443",
  ])
    assert.equal(problemsOf({ ...DEVELOPMENT, LATCHKEY_URL: wrong }).length, 1, wrong);
  for (const right of ["https://login.example.com", "http://[::1]:4400", "https://login.example.com:8443"])
    assert.deepEqual(problemsOf({ ...DEVELOPMENT, LATCHKEY_URL: right }), [], right);
});

test("a region's name is 2 to 16 capital letters and digits, and there is one of each", () => {
  for (const wrong of [
    "U",
    "us",
    "1US",
    "US-1",
    "ABCDEFGHIJKLMNOPQ",
    "US,,EU",
    "US,US",
    "US=mysql://db/x",
    "US=postgres://db",
  ])
    assert.equal(problemsOf({ ...DEVELOPMENT, LATCHKEY_REGIONS: wrong }).length, 1, wrong);
  const { regions } = loadConfig({ ...DEVELOPMENT, LATCHKEY_REGIONS: "US=postgres://u:p=1@db/us?x=y, AP1" });
  assert.deepEqual(regions[0], { name: "US", database: { engine: "postgres", url: "postgres://u:p=1@db/us?x=y" } });
  assert.equal(regions[1]?.name, "AP1");
});

test("two regions, or a region and the directory, never share a database", () => {
  const directory = { LATCHKEY_DIRECTORY: "postgres://db/one" };
  assert.equal(problemsOf({ ...DEVELOPMENT, ...directory, LATCHKEY_REGIONS: "US=postgres://other@db/one" }).length, 1);
  assert.equal(problemsOf({ ...DEVELOPMENT, LATCHKEY_REGIONS: "US=postgres://db/x,EU=postgres://db/x" }).length, 1);
  assert.deepEqual(problemsOf({ ...DEVELOPMENT, ...directory, LATCHKEY_REGIONS: "US=postgres://db/two" }), []);
});

test("with an embedded database one process serves, and says so", () => {
  const embedded = loadConfig({ ...DEVELOPMENT, LATCHKEY_WORKERS: "4" });
  assert.equal(embedded.workers, 1);
  assert.match(embedded.warnings.join(), /one process serves/);
  const spread = loadConfig({
    ...DEVELOPMENT,
    LATCHKEY_WORKERS: "4",
    LATCHKEY_DIRECTORY: "postgres://db/one",
    LATCHKEY_REGIONS: "US=postgres://db/two",
  });
  assert.equal(spread.workers, 4);
  assert.deepEqual(spread.warnings, []);
});

test("a secret may come from a file, but not from two places", () => {
  const file = join(data, "token.txt");
  writeFileSync(file, "from-a-file\n");
  const { LATCHKEY_ADMIN_TOKEN: _, ...rest } = DEVELOPMENT;
  assert.equal(loadConfig({ ...rest, LATCHKEY_ADMIN_TOKEN_FILE: file }).adminToken, "from-a-file");
  assert.equal(problemsOf({ ...DEVELOPMENT, LATCHKEY_ADMIN_TOKEN_FILE: file }).length, 1);
  assert.equal(problemsOf({ ...rest, LATCHKEY_ADMIN_TOKEN_FILE: join(data, "absent") }).length, 1);
});

test("an unknown LATCHKEY_ variable is warned of, and a variable of others is not", () => {
  const { warnings } = loadConfig({ ...DEVELOPMENT, LATCHKEY_PROT: "1", LATCHKEY_PORT_FILE: "x", HOME: "/" });
  assert.deepEqual(
    warnings.map((warning) => warning.split(" ")[0]),
    ["LATCHKEY_PORT_FILE", "LATCHKEY_PROT"],
  );
});

test("no message holds a value of a secret setting", () => {
  const problems = problemsOf({
    ...PRODUCTION,
    LATCHKEY_SECRET: "hunter2-secret",
    LATCHKEY_ADMIN_TOKEN: "hunter2 token with blanks",
    LATCHKEY_SMTP_URL: "hunter2-mail",
    LATCHKEY_DIRECTORY: "mysql://root:hunter2@db/x",
    LATCHKEY_REGIONS: "US=mysql://root:hunter2@db/x,hunter2",
  });
  assert.ok(problems.length >= 6);
  assert.doesNotMatch(problems.join(), /hunter2/);
});
