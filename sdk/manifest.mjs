// Makes sdk/dist the package to publish. Inside this repository the sources are imported as they are, so this manifest
// is the only one whose doors lead to what tsc built.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const at = (/** @type {string} */ path) => new URL(path, import.meta.url);
const { private: _private, scripts: _scripts, ...manifest } = JSON.parse(readFileSync(at("package.json"), "utf8"));

manifest.exports = { ".": { types: "./index.d.ts", default: "./index.js" } };
writeFileSync(at("dist/package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
copyFileSync(at("README.md"), at("dist/README.md"));

// tsc rewrites .ts to .js in code and not in declarations, where older compilers stumble over it.
for (const file of readdirSync(at("dist")).filter((name) => name.endsWith(".d.ts"))) {
  const text = readFileSync(at(`dist/${file}`), "utf8");
  writeFileSync(at(`dist/${file}`), text.replace(/(from "\.\/[a-z-]+)\.ts"/g, '$1.js"'));
}
