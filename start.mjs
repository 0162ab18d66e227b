// Starts Latchkey on the runtime the project brings along; plain JavaScript, so that an old Node can still read it.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 4)) {
  console.error(
    `Latchkey needs Node 24 and this is ${process.version}: run "npm ci" here, then start it with "npm start", which uses the Node that came with it.`,
  );
  process.exit(2);
}
beginAgainWithOptions();
const { enableCompileCache, flushCompileCache } = await import("node:module");
const { fileURLToPath } = await import("node:url");
// Half the time to start and less memory: types are stripped once. On a disk that cannot be written it does nothing.
enableCompileCache(fileURLToPath(new URL("node_modules/.cache/latchkey", import.meta.url)));
await import("./server/src/main.ts");
flushCompileCache();

/**
 * V8 reads its options before anything runs, so this process begins anew with those that are missing, whoever started it:
 * npm, systemd, a container. docs/decisions/runtime.md says what each gives. Windows cannot, and a process that was forked
 * would lose the channel to its parent: there it runs with what it has.
 */
function beginAgainWithOptions() {
  const { LATCHKEY_DIRECTORY, LATCHKEY_DIRECTORY_FILE, NODE_OPTIONS = "" } = process.env;
  const onPostgres = LATCHKEY_DIRECTORY || LATCHKEY_DIRECTORY_FILE;
  const options = [
    `--max-semi-space-size=${onPostgres ? 16 : 4}`,
    "--no-parallel-scavenge",
    "--no-concurrent-recompilation",
    "--expose-gc",
    ...(onPostgres ? ["--no-memory-reducer"] : []),
  ];
  const nameOf = (/** @type {string} */ option) =>
    (option.split("=", 1)[0] ?? "").replaceAll("_", "-").replace("--no-", "--");
  const given = [...process.execArgv, ...NODE_OPTIONS.split(" ")].map(nameOf);
  const missing = options.filter((option) => !given.includes(nameOf(option)));
  if (missing.length === 0 || process.channel || process.platform === "win32") return;
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...missing, ...process.argv.slice(1)]);
}
