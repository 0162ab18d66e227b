// Starts Latchkey on the runtime the project brings along; plain JavaScript, so that an old Node can still read it.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 4)) {
  console.error(
    `Latchkey needs Node 24 and this is ${process.version}: run "npm ci" here, then start it with "npm start", which uses the Node that came with it.`,
  );
  process.exit(2);
}
await import("./server/src/main.ts");
