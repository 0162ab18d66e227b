import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { lockDataDirectory } from "./data-lock.ts";

const directory = mkdtempSync(join(tmpdir(), "latchkey-lock-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const LOCK = new URL("./data-lock.ts", import.meta.url).href;

test("a second server on the same data directory is refused with a clear sentence", () => {
  const held = lockDataDirectory(join(directory, "data"));
  assert.throws(() => lockDataDirectory(join(directory, "data")), /Another Latchkey server is running on .*data/);
  lockDataDirectory(join(directory, "other")).release();
  held.release();
  lockDataDirectory(join(directory, "data")).release();
});

test("the lock of a server that was killed is free again", async () => {
  const data = join(directory, "killed");
  const holder = `
    const { lockDataDirectory } = await import(${JSON.stringify(LOCK)});
    lockDataDirectory(process.argv[1]);
    process.stdout.write("held\\n");
    setInterval(gc, 10);`;
  const child = spawn(process.execPath, ["--expose-gc", "--input-type=module", "-e", holder, data], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(createInterface(child.stdout), "line");
  await delay(100); // and several garbage collections
  assert.throws(() => lockDataDirectory(data), /Another Latchkey server/);
  child.kill("SIGKILL");
  await once(child, "exit");
  lockDataDirectory(data).release();
});
