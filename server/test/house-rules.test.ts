import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LINES_MAX = 300;

/**
 * Each room of server/src and the doors out of it; what is not listed is a wall. The files that put the house together
 * (app, house, main …) may go everywhere, and nobody goes to them.
 */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  http: ["domain", "pages", "config", "deps", "errors", "secrets"],
  domain: ["store", "deps", "errors", "secrets", "password"],
  store: [],
  pages: [],
  config: [],
  deps: ["domain", "store", "config", "log", "metrics", "secrets", "password"],
  errors: [],
  log: [],
  metrics: [],
  secrets: [],
  password: [],
};

/** Doors that only a type may pass: what `domain` does with a store is what it was handed. */
const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = {
  domain: ["store"],
  deps: ["domain", "store", "config", "log", "metrics", "secrets", "password"],
};

interface Import {
  target: string;
  typeOnly: boolean;
}

const files = (...patterns: string[]) =>
  globSync(patterns, { cwd: ROOT, exclude: (path) => /(^|\/)(node_modules|dist|data)$/.test(path) });
const textOf = (file: string) => readFileSync(join(ROOT, file), "utf8");
const sources = files("server/src/**/*.ts").filter((file) => !file.endsWith(".test.ts"));
const roomOf = (file: string) => file.replace(/^server\/src\//, "").replace(/[/.].*$/, "");

/** The imports of our own files. */
function importsOf(file: string): Import[] {
  const found = textOf(file).matchAll(/^(?:import|export)\s+(type\s)?([^;"']*?from\s+)?["'](\.[^"']+)["']/gm);
  return [...found].map(([, type, names = "", path = ""]) => ({
    target: normalize(join(dirname(file), path)),
    typeOnly: type !== undefined || /^\{(\s*type\s[^,]+,?)+\s*\}\s*from/.test(names),
  }));
}

test("rooms only open the doors they have", () => {
  const broken = sources.flatMap((file) =>
    importsOf(file)
      .filter(({ target, typeOnly }) => {
        const [from, to] = [roomOf(file), roomOf(target)];
        const doors = DOORS[from];
        if (doors === undefined || from === to) return false;
        return !doors.includes(to) || (TYPES_ONLY[from]?.includes(to) && !typeOnly);
      })
      .map(({ target, typeOnly }) => `${file} imports ${typeOnly ? "types of " : ""}${target}`),
  );
  assert.deepEqual(broken, []);
});

test("no file needs itself on the way round", () => {
  const graph = new Map(
    sources.map((file) => [
      file,
      importsOf(file)
        .filter(({ typeOnly }) => !typeOnly)
        .map(({ target }) => target),
    ]),
  );
  const finished = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    assert.ok(!way.includes(file), `a cycle: ${[...way, file].join(" -> ")}`);
    if (finished.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...way, file]);
    finished.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
});

test(`no file is longer than ${LINES_MAX} lines`, () => {
  const long = files("server/{src,test}/**/*.{ts,js,mjs}", "sdk/src/**/*.ts").filter(
    (file) => textOf(file).split("\n").length > LINES_MAX + 1, // the last line break starts no line
  );
  assert.deepEqual(long, []);
});

test("a function lives with the noun it serves, not in a drawer", () => {
  const drawers = files("{server,sdk}/**/*.ts").filter((file) =>
    /(^|\/)(utils?|helpers?|common|lib|types)(\/|\.ts$)/.test(file),
  );
  assert.deepEqual(drawers, []);
});

test("only config.ts reads the environment, only what is started writes to the console, and Math.random draws nothing but a pause", () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    "process.env": ["config"],
    "console.": ["main", "command", "operator", "pepper"],
    "Math.random": ["store"],
  };
  const own = sources.filter((file) => !file.startsWith("server/src/pages/snippets/")); // texts of others' programs
  const broken = Object.entries(allowed).flatMap(([word, rooms]) =>
    own
      .filter((file) => !rooms.includes(roomOf(file)) && withoutComments(textOf(file)).includes(word))
      .map((file) => `${word} in ${file}`),
  );
  assert.deepEqual(broken, []);
});

test("the types hold", () => {
  assertClean("tsc", ["-p", "."]);
});

test("the code is formatted and free of what the linter knows", () => {
  assertClean("biome", ["check", "."]);
});

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, "");

function assertClean(tool: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(join(ROOT, "node_modules/.bin", tool), args, {
    cwd: ROOT,
    encoding: "utf8",
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
}

test("whatever a document links to or shows is there", () => {
  const links = files("**/*.md").flatMap((file) =>
    [...readFileSync(join(ROOT, file), "utf8").matchAll(/\]\(([^)#\s]+)|src="([^"]+)"/g)].map(([, link, picture]) => ({
      file,
      target: link ?? picture ?? "",
    })),
  );
  const broken = links.filter(
    ({ file, target }) => !/^[a-z]+:/.test(target) && !existsSync(join(ROOT, dirname(file), target)),
  );
  assert.ok(links.length > 20);
  assert.deepEqual(broken, []);
});
