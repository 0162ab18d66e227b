import assert from "node:assert/strict";
import { test } from "node:test";
import { type House, openHouse } from "../support/house.ts";
import { openMailbox } from "../support/mailbox.ts";
import { worldOf } from "../support/world.ts";

async function openWithMail(settings: Record<string, string> = {}) {
  const house = await openHouse({ settings });
  const { addInstallation, addUser } = worldOf(house);
  await addUser(await addInstallation(), { email: "dana@acme.test", password: undefined });
  const { outboxId } = await openMailbox(house).newest("dana@acme.test");
  return { house, paths: ["/dev/outbox", `/dev/outbox/${outboxId}`] };
}

const statuses = (house: House, paths: string[], from: string, host = new URL(house.config.url).host) =>
  Promise.all(paths.map(async (path) => (await house.fetch(path, { from, headers: { host } })).status));

test("the outbox of a server that others reach is shown on its own machine only", async () => {
  const { house, paths } = await openWithMail({ LATCHKEY_URL: "https://login.example.com" });

  assert.deepEqual(await statuses(house, paths, "192.0.2.1"), [404, 404]);
  assert.deepEqual(await statuses(house, paths, "192.0.2.1", "localhost:4400"), [404, 404]);
  assert.deepEqual(await statuses(house, paths, "127.0.0.1"), [200, 200]);
  assert.deepEqual(await statuses(house, paths, "::1", "localhost:4400"), [200, 200]);
});

test("no web page reads the outbox by pointing its own name at this machine (DNS rebinding)", async () => {
  const { house, paths } = await openWithMail();

  assert.deepEqual(await statuses(house, paths, "127.0.0.1", "evil.test:4400"), [404, 404]);
  assert.deepEqual(await statuses(house, paths, "127.0.0.1"), [200, 200]);
});

test("where a mail server is set there is no outbox", async () => {
  const settings = { LATCHKEY_SMTP_URL: "smtp://127.0.0.1:1", LATCHKEY_MAIL_FROM: "login@login.test" };
  const house = await openHouse({ settings });

  assert.deepEqual(await statuses(house, ["/dev/outbox", "/dev/outbox/x"], "127.0.0.1"), [404, 404]);
});

test("no id leads to another file", async () => {
  const { house } = await openWithMail();

  for (const id of ["..%2f..%2fadmin-token", "%2e%2e", "..%5cdirectory.db", "%00", "1", "a".repeat(3_000)]) {
    const { status } = await house.fetch(`/dev/outbox/${id}`, { from: "127.0.0.1" });
    assert.ok(status === 404 || status === 400, `${id}: ${status}`);
  }
});
