import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

/** Where a program finds the packages of this checkout. */
const CACHE = join(realpathSync(join(import.meta.dirname, "../../../node_modules")), ".cache");

/** Files in a directory of their own. @returns its path */
export function writeFiles(t: TestContext, files: Readonly<Record<string, string>>): string {
  mkdirSync(CACHE, { recursive: true });
  const directory = mkdtempSync(join(CACHE, "snippet-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

/** Tells of a server that listens, which programs need not do. */
const TELLS = `data:text/javascript,import net from "node:net"; const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...all) { this.once("listening", () => process.send("listening")); return listen.apply(this, all); };`;

export interface Program {
  child: ChildProcess;
  /** Its status, once it has ended and all is written. */
  closed: Promise<unknown[]>;
  /** What it has written so far, and the part that matches once it is there. */
  output(pattern: RegExp): Promise<string>;
}

/** Starts a program that ends with the test. */
export function start(t: TestContext, command: string, args: readonly string[], secret: string | undefined): Program {
  const child = spawn(command, args, {
    env: { ...process.env, ...(secret !== undefined && { LATCHKEY_CLIENT_SECRET: secret }) },
    stdio: ["pipe", "pipe", "pipe", "ipc"],
  });
  t.after(() => child.kill());
  let written = "";
  const heard = new EventEmitter();
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      written += chunk;
      heard.emit("more");
    });
  const closed = once(child, "close");
  return {
    child,
    closed,
    output: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(written);
          if (found) resolve(found[1] ?? found[0]);
        };
        heard.on("more", look);
        closed.then(() => reject(new Error(`It ended, and all it said was: ${written}`)));
        look();
      }),
  };
}

/** Starts a server written for Node, and waits until it listens. */
export async function startNode(t: TestContext, text: string, secret: string | undefined): Promise<Program> {
  const directory = writeFiles(t, { "app.mjs": text });
  const program = start(t, process.execPath, ["--import", TELLS, join(directory, "app.mjs")], secret);
  const ended = program.output(/(?!)/); // never: it only tells when the program ends
  await Promise.race([once(program.child, "message"), ended]);
  ended.catch(() => {}); // from here on it may end
  return program;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("There is no port.");
  return address.port;
}
