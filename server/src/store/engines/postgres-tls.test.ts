import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { generate } from "selfsigned";
import { startPostgresServer } from "../../../test/lab/postgres.ts";
import type { Database } from "../database.ts";
import { openPostgres } from "./postgres.ts";

/** TLS as an operator asks for it in the address: `sslmode=verify-full`, with the certificate of who signed the server's. */

const server = await startPostgresServer();
const directory = mkdtempSync(join(tmpdir(), "latchkey-tls-"));
const direct = new pg.Client({ connectionString: server.url("postgres") });
await direct.connect();
after(async () => {
  await direct.end();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** A certificate that nobody but itself signs, in a file of its own. */
async function certificateFor(host: string): Promise<{ key: string; cert: string; file: string }> {
  const extensions = [{ name: "subjectAltName" as const, altNames: [{ type: 2 as const, value: host }] }];
  const made = await generate([{ name: "commonName", value: host }], { keyType: "ec", extensions });
  const file = join(directory, `${crypto.randomUUID()}.pem`);
  writeFileSync(file, made.cert);
  return { key: made.private, cert: made.cert, file };
}

/** Lets the server speak TLS with this certificate, and refuse whoever does not speak it. */
async function serve({ key, cert }: { key: string; cert: string }): Promise<void> {
  // PostgreSQL works in its data directory, where it looks for these names.
  const write = (file: string, text: string) =>
    direct.query(`COPY (SELECT '${Buffer.from(text).toString("base64")}') TO PROGRAM 'umask 077; base64 -d > ${file}'`);
  await write("server.key", key);
  await write("server.crt", cert);
  await write("pg_hba.conf", "hostssl all all 127.0.0.1/32 trust");
  await direct.query("ALTER SYSTEM SET ssl = on");
  await direct.query("SELECT pg_reload_conf()");
}

const addressOf = (search: string): string => {
  const url = new URL(server.url("postgres"));
  return Object.assign(url, { hostname: "localhost", search }).href; // certificates are for names
};

const CREATE = "CREATE TABLE item (item_key TEXT NOT NULL PRIMARY KEY)";
const INSERT = "INSERT INTO item (item_key) VALUES ($1)";
const SESSIONS = `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'latchkey'`;

/** A setting that was written counts a moment later. */
async function untilOpened(url: string): Promise<Database> {
  for (;;) {
    const db = await openPostgres("US", url).catch(() => undefined);
    if (db) return db;
    await delay(20);
  }
}

async function untilRefused(url: string): Promise<void> {
  for (;;) {
    const db = await openPostgres("US", url).catch(() => undefined);
    if (!db) return;
    await db.close();
    await delay(20);
  }
}

const unavailable = { name: "DatabaseUnavailable", outcome: "not-done" };

test("with sslmode=verify-full every connection is encrypted, to the server that the certificate names and to no other", async () => {
  const [own, strangers, others] = [
    await certificateFor("localhost"),
    await certificateFor("localhost"),
    await certificateFor("elsewhere.example.com"),
  ];
  const verified = ({ file }: { file: string }) => addressOf(`?sslmode=verify-full&sslrootcert=${file}`);
  await direct.query(CREATE);
  await serve(own);
  const db = await untilOpened(verified(own));
  await Promise.all(["a", "b", "c"].map((key) => db.batch([[INSERT, [key]]])));
  await db.transaction((tx) => tx.run(INSERT, ["d"]));
  assert.equal((await db.read("SELECT item_key FROM item", [])).length, 4);
  const sessions = await db.read(SESSIONS, []);
  assert.deepEqual(
    sessions.filter(({ ssl }) => ssl !== 1),
    [],
  );
  assert.ok(sessions.length >= 4, "those that read and those that write");
  await db.close();

  await assert.rejects(openPostgres("US", verified(strangers)), unavailable);
  await assert.rejects(openPostgres("US", addressOf("?sslmode=disable")), unavailable);
  await serve(others);
  await untilRefused(verified(own));
  await assert.rejects(openPostgres("US", verified(others)), unavailable, "signed by whom we trust, for another name");
});
