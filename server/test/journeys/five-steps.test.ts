import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openDemoHouse } from "../support/demo.ts";
import { isActive } from "../support/scene.ts";

const SCRIPT = fileURLToPath(new URL("../../../docs/five-steps.sh", import.meta.url));
const run = promisify(execFile);

test("docs/five-steps.sh gets a token in the terminal, for every demo user, the second time too", async () => {
  const { house, demo } = await openDemoHouse({ listening: true });
  const file = join(house.config.dataDirectory, "demo.json");
  const runs = demo.users.flatMap(({ email, installations }) => installations.map((place) => [email, place] as const));
  for (const [email, place] of [[undefined, undefined] as const, ...runs, ...runs.slice(0, 1)]) {
    const { stdout } = await run("sh", [SCRIPT, file, ...(email ? [email, place] : [])]);
    const token = /access_token (tkn\.v1_\S+)/.exec(stdout)?.[1] ?? "";
    assert.ok(await isActive(house, token), stdout);
    assert.match(stdout, new RegExp(`"email":"${email ?? demo.users[0]?.email}"`));
    if (place) assert.ok(stdout.includes(`/demo/${place.replace("-", "/")}/`), stdout);
    assert.ok(!stdout.includes(demo.apps[0].clientSecret));
  }
});

test("docs/five-steps.sh says in a sentence what is wrong", async () => {
  const { house } = await openDemoHouse({ listening: true });
  const file = join(house.config.dataDirectory, "demo.json");
  await assert.rejects(run("sh", [SCRIPT, `${file}.not`]), { code: 1, stderr: /There is no .*is the server running/ });
  await assert.rejects(run("sh", [SCRIPT, file, "nobody@example.com"]), { code: 1, stderr: /The login was refused/ });
});
