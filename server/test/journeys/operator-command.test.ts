import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { DatabaseAddress } from "../../src/config/databases.ts";
import { ADMIN_TOKEN, type House } from "../support/house.ts";
import { openPortal } from "../support/portal-scene.ts";
import { TEST_SECRET } from "../support/template.ts";
import { requirePage } from "../support/visitor.ts";

const COMMAND = fileURLToPath(new URL("../../src/operator.ts", import.meta.url));

/** The command as its operator runs it, on the databases of a house that is open. */
function run({ config }: House, ...words: string[]): Promise<{ status: number; said: string }> {
  const at = (database: DatabaseAddress) => (database.engine === "postgres" ? database.url : undefined);
  const [directory, ...regions] = [config.directory, ...config.regions.map(({ database }) => database)].map(at);
  const names = config.regions.map(({ name }, index) => `${name}=${regions[index]}`);
  const env = {
    LATCHKEY_DATA: config.dataDirectory,
    LATCHKEY_SECRET: TEST_SECRET,
    LATCHKEY_ADMIN_TOKEN: ADMIN_TOKEN,
    ...(directory && { LATCHKEY_DIRECTORY: directory, LATCHKEY_REGIONS: names.join() }),
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...words], { env }, (error, output, problems) =>
      resolve({ status: error === null ? 0 : Number(error.code), said: output + problems }),
    );
  });
}

test("an operator is added and removed beside a running server, which knows at once", async () => {
  const { house, visitor, developer } = await openPortal();
  const status = async () => requirePage(await visitor.go("/operator")).status;
  assert.equal(await status(), 404);
  const added = await run(house, "add", developer.email.toUpperCase());
  assert.equal(added.status, 0, added.said);
  assert.match(added.said, /is an operator now: http\S+\/operator/);
  assert.equal(await status(), 200);
  assert.match((await run(house, "add", developer.email)).said, /already/);
  assert.match((await run(house, "list")).said, new RegExp(`${developer.email} {2}US {2}since`));
  assert.match((await run(house, "remove", developer.email)).said, /no operator any more/);
  assert.equal(await status(), 404);
  assert.match((await run(house, "list")).said, /Nobody/);
});

test("what cannot be is said in a sentence", async () => {
  const { house } = await openPortal();
  for (const words of [
    ["add", "nobody@example.com"],
    ["remove", "nobody@example.com"],
    ["add", "nobody"],
  ]) {
    const { status, said } = await run(house, ...words);
    assert.equal(status, 1);
    assert.match(said, /^\S+ has no account\./);
  }
  for (const words of [[], ["add"], ["list", "a@example.com"], ["promote", "a@example.com"]]) {
    const { status, said } = await run(house, ...words);
    assert.equal(status, 2);
    assert.match(said, /^Usage/);
  }
});
