import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findBinaries, type Owner, unprivileged } from "./binaries.ts";

/** A PostgreSQL server on a loopback port of its own, which stays the same when it is started again. */
export interface PostgresServer {
  port: number;
  url(database: string): string;
  /** As `systemctl stop` does: ends sessions, writes a checkpoint. Rows stay. */
  shutDown(): Promise<void>;
  /** kill -9 of the whole server. What it has acknowledged must be there when it starts again, if `fsync` is on. */
  kill(): Promise<void>;
  /** After `shutDown` or `kill`; resolves when it accepts connections. */
  start(): Promise<void>;
  /** Ends it for good and removes its files. */
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  /** Wait for the disk at every COMMIT. Off where rows need not outlive the machine. */
  fsync?: boolean;
  /** More settings, by name. */
  settings?: Readonly<Record<string, string>>;
}

const USER = "latchkey";
const PORT_TRIES_MAX = 5;
const START_TRIES_MAX = 50;
const READY_SECONDS_MAX = 120;

/** The server ends with this process, however that ends: a shell holds the other end of a pipe and stops it when the pipe closes. */
export async function startPostgresServer(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const home = mkdtempSync(join(tmpdir(), "latchkey-postgres-"));
  const owner = unprivileged();
  if (owner) chownSync(home, owner.uid, owner.gid);
  const binaries = await findBinaries(owner);
  await run(
    join(binaries, "initdb"),
    ["-D", join(home, "data"), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
    owner,
  );
  const place: Place = { binaries, home, owner, settings: settingsOf(options) };
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    const { watcher, problem } = await launch(place, port);
    if (problem === undefined) return serverAt(place, port, watcher);
    await end(watcher, false);
    if (tries === PORT_TRIES_MAX || !/bind|in use/.test(problem))
      throw new Error(`PostgreSQL did not start:\n${problem}`);
  }
}

interface Place {
  binaries: string;
  home: string;
  owner: Owner;
  settings: readonly string[];
}

function serverAt(place: Place, port: number, first: ChildProcess): PostgresServer {
  let watcher = first;
  const pidFile = join(place.home, "data", "postmaster.pid");

  return {
    port,
    url: (database) => `postgres://${USER}@127.0.0.1:${port}/${database}`,
    async shutDown() {
      process.kill(mainProcess(pidFile), "SIGINT"); // "fast": sessions end, and the file goes last
      while (existsSync(pidFile)) await delay(10);
      await end(watcher, false);
    },
    async kill() {
      for (const pid of serverProcesses(pidFile)) process.kill(pid, "SIGKILL");
      await end(watcher, false);
    },
    async start() {
      for (let tries = 1; ; tries++) {
        const launched = await launch(place, port);
        watcher = launched.watcher;
        if (launched.problem === undefined) return;
        await end(watcher, false);
        // The memory of a server that was just killed is freed a moment later.
        if (tries === START_TRIES_MAX || !/in use/.test(launched.problem))
          throw new Error(`PostgreSQL did not start again:\n${launched.problem}`);
        await delay(100);
      }
    },
    async stop() {
      if (hasEnded(watcher)) spawnSync("rm", ["-rf", place.home], { ...place.owner, cwd: "/" });
      else await end(watcher);
    },
  };
}

function settingsOf({ fsync = false, settings = {} }: PostgresServerOptions): string[] {
  const all = {
    fsync: fsync ? "on" : "off",
    synchronous_commit: fsync ? "on" : "off",
    max_connections: "300",
    timezone: "UTC",
    lc_messages: "C",
    ...settings,
  };
  return Object.entries(all).map(([name, value]) => `${name}=${value}`);
}

let launches = 0;

async function launch(place: Place, port: number): Promise<{ watcher: ChildProcess; problem: string | undefined }> {
  const { binaries, home, owner } = place;
  const log = join(home, `log-${++launches}`);
  const settings = [`port=${port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${home}`, ...place.settings];
  const server = [
    join(binaries, "postgres"),
    "-D",
    join(home, "data"),
    ...settings.flatMap((setting) => ["-c", setting]),
  ];
  const script = `log=$1; home=$2; shift 2; "$@" >"$log" 2>&1 & read last; kill -QUIT $!; wait; [ "$last" = keep ] || rm -rf "$home"`;
  const watcher = spawn("sh", ["-c", script, "sh", log, home, ...server], {
    ...owner,
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
    detached: true, // Ctrl-C ends this process; its end, and nothing else, ends the server
  });
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  return { watcher, problem: await untilReady(home, log) };
}

/** `undefined` once the server accepts connections, or its log when it gave up. */
async function untilReady(home: string, log: string): Promise<string | undefined> {
  const pidFile = join(home, "data", "postmaster.pid");
  const deadline = Date.now() + READY_SECONDS_MAX * 1000;
  while (Date.now() < deadline) {
    const written = existsSync(log) ? readFileSync(log, "utf8") : "";
    if (/PANIC|FATAL: (?! the database system is)/.test(written)) break; // that is said to clients who come too early
    // A file that a killed server left behind says "ready" too: the log is this start's own.
    if (/ready to accept (read-only )?connections/.test(written) && isReady(pidFile)) return undefined;
    await delay(20);
  }
  return existsSync(log) ? readFileSync(log, "utf8") : "It wrote no log.";
}

const isReady = (pidFile: string) => existsSync(pidFile) && /^(ready|standby)\s*$/m.test(readFileSync(pidFile, "utf8"));

const mainProcess = (pidFile: string): number => Number(readFileSync(pidFile, "utf8").split("\n")[0]);

/** The main one first: its children would be replaced if it still lived. */
function serverProcesses(pidFile: string): number[] {
  const main = mainProcess(pidFile);
  const children = spawnSync("ps", ["-A", "-o", "pid=,ppid="]).stdout?.toString() ?? "";
  const pairs = children.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  return [main, ...pairs.filter(([, parent]) => parent === main).flatMap(([pid]) => pid ?? [])];
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function end(watcher: ChildProcess, removeHome = true): Promise<void> {
  if (hasEnded(watcher)) return;
  const ended = once(watcher, "exit");
  watcher.ref();
  watcher.stdin?.end(removeHome ? undefined : "keep\n");
  await ended;
}

async function run(command: string, args: readonly string[], owner: Owner): Promise<void> {
  const child = spawn(command, args, {
    ...owner,
    cwd: "/",
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`${basename(command)} failed: ${errors}`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return address.port;
}
