import assert from "node:assert/strict";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryDirectory } from "../../../test/support/region.ts";
import { outboxTransport } from "./outbox.ts";
import type { Mail } from "./postman.ts";

const mail = (number: number): Mail => ({
  mailId: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  to: "dana@acme.test",
  region: "US",
  at: 1_800_000_000,
  subject: `Mail ${number}`,
  text: "text",
  html: "<p>text</p>",
});

test("the outbox shows the newest mail first", async (t) => {
  const outbox = outboxTransport(join(temporaryDirectory(t), "outbox"));
  assert.deepEqual(await outbox.list(), []);

  for (const number of [3, 1, 2]) await outbox.send(mail(number));

  const listed = await outbox.list();
  assert.deepEqual(
    listed.map(({ subject }) => subject),
    ["Mail 2", "Mail 1", "Mail 3"],
  );
  const { outboxId = "" } = listed[1] ?? {};
  assert.deepEqual(await outbox.find(outboxId), { ...mail(1), outboxId });
});

test("the outbox keeps the newest 200", async (t) => {
  const outbox = outboxTransport(temporaryDirectory(t));

  for (let number = 0; number < 205; number++) await outbox.send(mail(number));

  const listed = await outbox.list();
  assert.equal(listed.length, 200);
  assert.equal(listed.at(-1)?.subject, "Mail 5");
});

test("only the server's own user can read the outbox", async (t) => {
  const directory = join(temporaryDirectory(t), "outbox");
  await outboxTransport(directory).send(mail(1));

  assert.equal(statSync(directory).mode & 0o777, 0o700);
  for (const name of readdirSync(directory)) assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600);
});

test("no id of a mail leads out of the outbox, or to anything else in it", async (t) => {
  const directory = temporaryDirectory(t);
  const outbox = outboxTransport(join(directory, "outbox"));
  await outbox.send(mail(1));
  writeFileSync(join(directory, "secret.json"), "{}");
  writeFileSync(join(directory, "outbox", "notes.json"), "{}");

  for (const id of ["../secret", "notes", "", ".", "..", `${"1".repeat(13)}-../secret`, "\0", "%2e%2e/secret"])
    assert.equal(await outbox.find(id), undefined, id);
  assert.equal((await outbox.list()).length, 1);
});
