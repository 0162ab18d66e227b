import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Config } from "../../src/config.ts";
import { openHouse } from "../support/house.ts";
import { openMailServer } from "../support/mail-server.ts";
import { temporaryDirectory } from "../support/region.ts";
import { worldOf } from "../support/world.ts";

test("a mail that was queued while the mail server was away is sent after a restart", async (t) => {
  const data = temporaryDirectory(t);
  const mail = { LATCHKEY_DATA: data, LATCHKEY_MAIL_FROM: "login@login.test" };
  const first = await openHouse({ settings: { ...mail, LATCHKEY_SMTP_URL: "smtp://127.0.0.1:1" } });
  const { addInstallation, addUser } = worldOf(first);
  await addUser(await addInstallation("US"), { email: "dana@acme.test", password: undefined });
  await first.close();

  const { url, received } = await openMailServer(t);
  const settings = { ...mail, ...databasesOf(first.config), LATCHKEY_SMTP_URL: url };
  const second = await openHouse({ settings });
  const queued = () => second.deps.regions.require("US").store.db.read("SELECT mail_id FROM mail", []);
  assert.equal((await queued()).length, 1);
  second.passSeconds(3_600);
  second.deps.postman.wake("US");
  while ((await queued()).length > 0) await delay(10);

  assert.deepEqual(received[0]?.recipients, ["dana@acme.test"]);
});

/** A house on PostgreSQL gets new databases unless it is told; an embedded one finds its own in the data directory. */
function databasesOf({ directory, regions }: Config): Record<string, string> {
  if (directory.engine === "sqlite") return {};
  const each = regions.map(({ name, database }) => `${name}=${database.engine === "postgres" ? database.url : ""}`);
  return { LATCHKEY_DIRECTORY: directory.url, LATCHKEY_REGIONS: each.join(",") };
}
