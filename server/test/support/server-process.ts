import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A server as a process of its own, as an operator has it. */
export interface Started {
  process: ChildProcess;
  output(): string;
  /** The exit status. */
  ended: Promise<number | null>;
}

/** A server with these settings and an environment without any others. `command`: what starts it, in the root of the repository. */
export function start(
  t: TestContext,
  settings: Record<string, string>,
  [command, ...args]: readonly [string, ...string[]] = [process.execPath, "start.mjs"],
): Started {
  const data = mkdtempSync(join(tmpdir(), "latchkey-start-"));
  const env = {
    PATH: process.env.PATH ?? "",
    LATCHKEY_DATA: data,
    LATCHKEY_PORT: "0",
    LATCHKEY_DEMO: "off",
    ...settings,
  };
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = once(child, "close").then(([status]) => status as number | null);
  t.after(async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(data, { recursive: true, force: true });
  });
  return { process: child, output: () => output, ended };
}

/** The port, once it is listened on. */
export async function portOf(server: Started): Promise<number> {
  for (;;) {
    const found = /"port":(\d+)/.exec(server.output());
    if (found) return Number(found[1]);
    if (server.process.exitCode !== null) throw new Error(server.output());
    await delay(20);
  }
}

/** Linux tells how a process was started; a test that asks is skipped elsewhere. */
export const TELLS_OPTIONS = existsSync("/proc/self/cmdline");

/** Node's options that a process runs with, as `/proc` has them. */
export const optionsOf = (pid: number | undefined): string[] =>
  readFileSync(`/proc/${pid}/cmdline`, "utf8")
    .split("\0")
    .filter((word) => word.startsWith("--"));
