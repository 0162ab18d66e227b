import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const START = fileURLToPath(new URL("../../../start.mjs", import.meta.url));
const END_WITH_PARENT = fileURLToPath(new URL("end-with-parent.ts", import.meta.url));

/** A Latchkey server in a process of its own, as an operator has it. It ends with this process, however that ends. */
export interface ServerProcess {
  url: string;
  pid: number;
  /** What it has written so far. */
  output(): string;
  /** Resolves with the exit status, `null` when a signal ended it. */
  ended: Promise<number | null>;
  /** kill -9, and until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and until it is gone; what is under way finishes. */
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  /** All there are: nothing of this process's environment is handed on, but the PATH. */
  settings: Readonly<Record<string, string>>;
  /** For modules that are loaded first. */
  env?: Readonly<Record<string, string>>;
  /** Modules that are loaded first. */
  preload?: readonly string[];
  /** A shell's words that run the program after them, to limit it. */
  under?: readonly string[];
  /** kill -9 when it is aborted, also before it listens. */
  signal?: AbortSignal;
}

/** Starts a server and waits until it listens. @throws {Error} with all it said, when it ends instead. */
export async function startServer({
  settings,
  env = {},
  preload = [],
  under = [],
  signal,
}: ServerProcessOptions): Promise<ServerProcess> {
  const imports = [END_WITH_PARENT, ...preload].flatMap((module) => ["--import", module]);
  const [command = "", ...words] = [...under, process.execPath, ...imports, START];
  const child = spawn(command, words, {
    env: { PATH: process.env.PATH ?? "", LATCHKEY_PORT: "0", ...settings, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true, // Ctrl-C ends this process, which ends it in its turn
    ...(signal && { signal, killSignal: "SIGKILL" }),
  });
  child.on("error", () => {}); // aborted: it shows in how it ended
  child.channel?.unref();
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const leave = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };

  for (;;) {
    const port = /"port":(\d+)/.exec(output)?.[1];
    if (port)
      return {
        url: `http://127.0.0.1:${port}`,
        pid: child.pid ?? 0,
        output: () => output,
        ended,
        kill: () => leave("SIGKILL"),
        stop: () => leave("SIGTERM"),
      };
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The server did not start:\n${output}`);
    await delay(20);
  }
}
