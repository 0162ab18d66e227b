// Starts Latchkey on the runtime the project brings along; plain JavaScript, so that an old Node can still read it.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 4)) {
  console.error(
    `Latchkey needs Node 24 and this is ${process.version}: run "npm ci" here, then start it with "npm start", which uses the Node that came with it.`,
  );
  process.exit(2);
}
const { enableCompileCache, flushCompileCache } = await import("node:module");
const { fileURLToPath } = await import("node:url");
// Half the time to start and less memory: types are stripped once. On a disk that cannot be written it does nothing.
enableCompileCache(fileURLToPath(new URL("node_modules/.cache/latchkey", import.meta.url)));
await import("./server/src/main.ts");
flushCompileCache();
