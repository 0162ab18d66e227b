import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** A server under measurement. */
export interface Subject {
  name: string;
  port: number;
  pid: number;
  /** From its spawning to its first 200. */
  startMilliseconds: number;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

/** Ends with this process, however that ends. */
export function keep(child: ChildProcess): ChildProcess {
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** The settings of this process that a subject may see: none of ours, which would change what is measured. */
const SHARED_SETTINGS = ["PATH", "HOME", "TMPDIR", "LANG"].flatMap((name) => {
  const value = process.env[name];
  return value === undefined ? [] : [[name, value] as const];
});

/** Starts `script`, a path from the root of the repository, and waits for its first answer. Its output goes to `log`; `options` are Node's. */
export async function startSubject(
  name: string,
  script: string,
  settings: (port: number) => Record<string, string>,
  log: string,
  options: readonly string[] = [],
): Promise<Subject> {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const port = await freePort();
  const output = openSync(log, "a");
  const startedAt = performance.now();
  const child = keep(
    spawn(process.execPath, [...options, script], {
      cwd: root,
      env: { ...Object.fromEntries(SHARED_SETTINGS), ...settings(port) },
      stdio: ["ignore", output, output],
    }),
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() - startedAt > 30_000)
      throw new Error(`${name} did not start:\n${readFileSync(log, "utf8").slice(-2_000)}`);
    await delay(5);
  }
  return {
    name,
    port,
    pid: child.pid ?? 0,
    startMilliseconds: performance.now() - startedAt,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    get({ host: "127.0.0.1", port, path: "/health/live", agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode === 200));
    }).on("error", () => resolve(false));
  });

/** A moment later somebody else could take it; then the subject says so and the run ends. */
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

/** CPU time that all threads of a process and of its children have used so far. Linux: `/proc` has it to the nanosecond. */
export const cpuMilliseconds = (pid: number): number =>
  familyOf(pid)
    .flatMap((one) => readdirSync(`/proc/${one}/task`).map((thread) => `/proc/${one}/task/${thread}/schedstat`))
    .reduce((sum, file) => sum + Number(readFileSync(file, "utf8").split(" ")[0]) / 1e6, 0);

/** A process, its children, and theirs. */
function familyOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" "))
    .filter(Boolean);
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))];
}

/** Keeps this process and all that came from it, PostgreSQL too, to so many cores. Linux: util-linux has `taskset`. */
export function keepTo(cores: number): void {
  const some = CORES.slice(0, cores).join(",");
  for (const pid of familyOf(process.pid)) {
    try {
      execFileSync("taskset", ["-acp", some, String(pid)], { stdio: "ignore" });
    } catch (error) {
      if (existsSync(`/proc/${pid}`)) throw error; // else it has ended meanwhile
    }
  }
}

/** The cores this process may use, which `/proc` lists as `0-1,4`. */
const CORES = (/^Cpus_allowed_list:\s+(.+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "")
  .split(",")
  .flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });

/** Resident memory in MiB: now, and the most there ever was. */
export function residentMemory(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kib = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return { now: kib("VmRSS") / 1024, peak: kib("VmHWM") / 1024 };
}
