import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { outboxTransport } from "../../src/domain/mail/outbox.ts";
import { ADMIN_TOKEN, type Door, type Engine, type House, openHouse } from "../support/house.ts";
import { openMailbox } from "../support/mailbox.ts";
import { live, PLANTINGS } from "../support/planted-life.ts";
import { startPostgres } from "../support/postgres.ts";
import { databasesOf, rowsOf } from "../support/rows.ts";
import { portOf, start } from "../support/server-process.ts";
import { logIn, worldOf } from "../support/world.ts";

/** What docs/residency.md promises, with marked words in everything that people put in. */

const postgres = await startPostgres();
after(() => postgres.stop());

const ADDRESSES = PLANTINGS.flatMap(({ from, address6 }) => [
  from,
  address6,
  address6.replace(/::.*/, "::"),
  address6.replace(/::.*/, ""),
]);

/** Shorter words stand in random text by chance, once they are spelled in base64. */
const WORD_LENGTH_MIN = 10;

/** A word in all the clothes it might wear. */
function spellingsOf(word: string): string[] {
  assert.ok(word.length >= WORD_LENGTH_MIN, word);
  const bytes = Buffer.from(word);
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .slice(shift === 0 ? 0 : 4, Math.floor(((bytes.length + shift) * 8) / 6) - 1),
  );
  return [word, bytes.toString("hex"), ...base64];
}

/** Which of the words are in a text, however they are spelled. */
function found(text: string, words: readonly string[]): string[] {
  const lower = text.toLowerCase();
  return words.filter((word) =>
    spellingsOf(word).some((spelling) => text.includes(spelling) || lower.includes(spelling.toLowerCase())),
  );
}

const MARKS = PLANTINGS.map(({ mark }) => mark);

async function openPlanted(engine: Engine): Promise<House> {
  const house = await openHouse({ engine });
  const mailbox = openMailbox(house);
  for (const planting of PLANTINGS) await live(house, planting, mailbox.newest);
  return house;
}

const houses = { sqlite: await openPlanted("sqlite"), postgres: await openPlanted("postgres") };

for (const [engine, house] of Object.entries(houses)) {
  test(`what is personal lies in the database of its region, and in no other (${engine})`, async () => {
    const databases = await Promise.all(
      databasesOf(house).map(async ([name, db]) => [name, JSON.stringify(await rowsOf(db))] as const),
    );
    for (const [name, rows] of databases) {
      const home = PLANTINGS.filter(({ region }) => region === name).map(({ mark }) => mark);
      assert.deepEqual(found(rows, MARKS), home, name);
    }
  });

  test(`addresses of people are kept nowhere, at home neither (${engine})`, async () => {
    for (const [name, db] of databasesOf(house))
      assert.deepEqual(found(JSON.stringify(await rowsOf(db)), ADDRESSES), [], name);
  });

  test(`the log holds nothing personal, of a request that ends in a bug neither (${engine})`, async () => {
    const [{ region, mark, from }] = PLANTINGS;
    const { db } = house.deps.regions.require(region).store;
    const world = worldOf(house);
    const app = await world.registerApp();
    const user = await world.addUser(await world.addInstallation(region), { email: `${mark}.bug@${mark}.example` });
    await db.batch([["ALTER TABLE session RENAME TO session_gone", []]]);
    await assert.rejects(logIn(house, app, user));
    await db.batch([["ALTER TABLE session_gone RENAME TO session", []]]);

    const log = house.logLines.join("");
    assert.match(log, /session/, "the bug is in it");
    assert.match(log, /\/login\/sign-in/);
    assert.deepEqual(found(log, [...MARKS, ...ADDRESSES]), []);
    assert.ok(!log.includes(from));
  });

  test(`metrics and health hold nothing personal (${engine})`, async () => {
    for (const path of ["/metrics", "/health/ready", "/health/live"]) {
      const text = await (await house.fetch(path, { from: "127.0.0.1" })).text();
      assert.ok(text.length > 10, path);
      assert.deepEqual(found(text, [...MARKS, ...ADDRESSES]), [], path);
    }
  });

  test(`the operator's audit log names fields and ids, not what is in them (${engine})`, async () => {
    const { body } = await house.admin("GET", "/audit?limit=200");
    assert.ok(body.items.some(({ action }: { action: string }) => action === "user.delete"));
    assert.deepEqual(found(JSON.stringify(body), [...MARKS, ...ADDRESSES]), []);
  });

  test(`who lives in one region and has a user in another leaves there what belongs to that user, and no more (${engine})`, async () => {
    const world = worldOf(house);
    const [home, away] = [await world.addInstallation("US"), await world.addInstallation("EU")];
    const email = "traveller@example.com";
    const user = await world.addUser(home, { email, firstName: "Athomewithus" });
    await world.addUser(away, { email, firstName: "Abroadforlong", password: undefined });
    await logIn(house, await world.registerApp(), user);
    const [directory = "", american = "", european = ""] = await Promise.all(
      databasesOf(house).map(async ([, db]) => JSON.stringify(await rowsOf(db))),
    );
    assert.deepEqual(found(directory, [email, "Athomewithus", "Abroadforlong"]), []);
    assert.deepEqual(found(american, [email, "Athomewithus", "Abroadforlong"]), [email, "Athomewithus"]);
    assert.deepEqual(found(european, [email, "Athomewithus", "Abroadforlong"]), [email, "Abroadforlong"]);
    const { accounts } = house.deps.regions.require("EU").store;
    assert.equal(await accounts.findByEmailKey(email), undefined, "password and sessions stay at home");
  });
}

test("nor do the files of embedded databases hold what belongs elsewhere, in pages that were freed either", () => {
  const { dataDirectory } = houses.sqlite.config;
  const files = globSync("**/*.db*", { cwd: dataDirectory });
  for (const [name, home] of [
    ["directory", []],
    ["US", ["amplantmark"]],
    ["EU", ["euplantmark"]],
  ] as const) {
    const texts = files
      .filter((file) => file.includes(name))
      .map((file) => readFileSync(join(dataDirectory, file), "latin1"));
    assert.ok(texts.length > 0, name);
    assert.deepEqual(found(texts.join(""), MARKS), home, name);
    assert.deepEqual(
      found(
        texts.join(""),
        ADDRESSES.filter((address) => address.length > 12),
      ),
      [],
      name,
    );
  }
});

test("a server writes nothing personal to standard output or standard error", async (t) => {
  const data = houses.postgres.config.dataDirectory;
  const url = "http://localhost:4400";
  const server = start(t, {
    LATCHKEY_DATA: data,
    ...(await postgres.newDatabases()),
    LATCHKEY_ADMIN_TOKEN: ADMIN_TOKEN,
    LATCHKEY_TRUSTED_PROXIES: "127.0.0.1/32",
    LATCHKEY_URL: url,
  });
  const door = doorOf(url, await portOf(server));
  const outbox = outboxTransport(join(data, "outbox"));
  const before = new Set((await outbox.list()).map(({ outboxId }) => outboxId));
  const mailTo = async (email: string) => {
    for (;;) {
      const mail = (await outbox.list()).find(
        ({ to, text, outboxId }) => to === email && text.includes("/login/link/") && !before.has(outboxId),
      );
      if (mail) return mail;
      await delay(20);
    }
  };
  for (const planting of PLANTINGS) await live(door, planting, mailTo);
  server.process.kill("SIGTERM");
  assert.equal(await server.ended, 0);
  assert.match(server.output(), /launchpad\/v1\/token\.json/, "there is a log");
  assert.deepEqual(found(server.output(), [...MARKS, ...ADDRESSES]), []);
});

/** A server that runs as a process of its own, behind a proxy that says where its callers are. */
function doorOf(url: string, port: number): Door {
  const ask: Door["fetch"] = (input, { from, ...init } = {}) => {
    const headers = new Headers(init.headers);
    if (from !== undefined) headers.set("x-forwarded-for", from);
    headers.set("x-request-id", randomUUID()); // a proxy's own, never its caller's
    const path = String(input).replace(url, "");
    return fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers, redirect: "manual" });
  };
  return {
    config: { url },
    fetch: ask,
    async admin(method, path, body) {
      const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await ask(`/admin/v1${path}`, { method, headers, ...sent });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
    },
  };
}
