import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { pageSamples } from "../../test/support/page-samples.ts";
import { assets } from "./assets.ts";

const HOSTILE = [
  "<b>Evil</b>",
  `"><script>alert(1)</script>`,
  "' onload='alert(1)",
  `" autofocus onfocus="alert(1)`,
  "</title><script>alert(1)</script>",
  "<!-- ",
  "\u202egro.elpmaxe\u202c",
  "&lt;img src=x onerror=alert(1)&gt;",
  "\u0000\r\n\t",
  "very-long-name".repeat(100),
];

const pages = Object.entries(pageSamples());

test("every page there is, is among the samples that all these tests look at", async () => {
  const files = globSync("**/*.ts", { cwd: import.meta.dirname }).filter((file) => !file.endsWith(".test.ts"));
  const all = new Set<string>();
  for (const file of files) {
    const { default: _, ...exported } = await import(join(import.meta.dirname, file));
    for (const [name, value] of Object.entries(exported))
      if (typeof value === "function" && name.endsWith("Page")) all.add(`${file} ${name}`);
  }
  assert.ok(all.size > 30, "pages are found");

  const ran = await functionsRun(pageSamples);
  const unseen = [...all].filter((page) => !ran.has(page));
  assert.deepEqual(unseen, [], "add them to test/support/page-samples.ts");
});

test("no text of a stranger changes the structure of any page", () => {
  for (const text of HOSTILE) {
    const hostile = { ...pageSamples((ordinary) => ordinary + text) };
    for (const [name, page] of pages)
      assert.deepEqual(tagsOf(hostile[name] ?? ""), tagsOf(page), `${name}: ${text.slice(0, 40)}`);
  }
});

test("text that turns the writing direction around is taken out of names", () => {
  const page = pageSamples((ordinary) => `${ordinary}\u202e`)["sign-in"] ?? "";
  const heading = page.slice(page.indexOf("<main"), page.indexOf("<form"));
  assert.match(heading, /Acme Planner/);
  assert.doesNotMatch(heading, /\u202e/);
});

test("no page carries a script, a style or a handler of its own, as the CSP demands", () => {
  for (const [name, page] of pages) {
    for (const { tag, attributes } of tagsOf(page)) {
      assert.notEqual(tag, "style", name);
      for (const attribute of attributes) assert.doesNotMatch(attribute, /^(on|style$|srcdoc$|formaction$)/, name);
    }
    assert.deepEqual(page.match(/<script[^>]*>/g), [`<script src="${assets.script.href}" type="module">`], name);
  }
});

test("no page loads anything from another host", () => {
  for (const [name, page] of pages) {
    const loaded = [...page.matchAll(/<(?:img|script|link)\b[^>]*?(?:src|href)="([^"]*)"/g)].map(
      ([, address]) => address,
    );
    for (const address of loaded) assert.match(address ?? "", /^\/assets\//, name);
  }
});

test("every page names its language, has a title, one main part and one headline", () => {
  for (const [name, page] of pages) {
    assert.match(page, /^<!doctype html>\n<html lang="en" dir="ltr">/, name);
    assert.match(page, /<title>[^<]+ – Latchkey<\/title>/, name);
    for (const tag of ["h1", "main"]) assert.equal(tagsOf(page).filter((found) => found.tag === tag).length, 1, name);
  }
});

test("every field has a label of its own", () => {
  for (const [name, page] of pages) {
    for (const { 0: field, index } of page.matchAll(/<input (?!type="hidden")[^>]*>/g)) {
      const id = field.match(/ id="([^"]+)"/)?.[1];
      const inside = page.lastIndexOf("<label", index) > page.lastIndexOf("</label", index);
      assert.ok(id === undefined ? inside : page.includes(`<label for="${id}">`), `${name}: ${field}`);
    }
  }
});

test("no id occurs twice on a page, and every reference to one finds it", () => {
  for (const [name, page] of pages) {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, name);
    for (const [, list = ""] of page.matchAll(/ aria-(?:controls|describedby|labelledby)="([^"]+)"/g))
      for (const id of list.split(" ")) assert.ok(ids.includes(id), `${name}: ${id}`);
  }
});

test("a page focuses one field at most", () => {
  for (const [name, page] of pages) assert.ok([...page.matchAll(/ autofocus[ >]/g)].length <= 1, name);
});

test("a page with a problem says so in its title first and focuses no field", () => {
  for (const [name, page] of pages) {
    const isProblem = /problem|fields|^error|expired|dead/.test(name);
    assert.equal(page.includes("<title>Error: "), isProblem, name);
    if (isProblem) assert.doesNotMatch(page, /autofocus/, name);
  }
});

test("the first form of a page is the one that goes on, with the field names of the contract", () => {
  const first = (name: string) => pageSamples()[name]?.match(/<form[\s\S]*?<\/form>/)?.[0] ?? "";
  assert.match(first("sign-in"), /name="email"[\s\S]*name="password"[\s\S]*name="remember"/);
  assert.match(first("chooser"), /<button class="choice" type="submit" name="installation" value="US-1">/);
  assert.match(first("consent"), /name="decision" value="allow"[\s\S]*name="decision" value="deny"/);
  assert.match(first("confirm"), /name="decision" value="allow"[\s\S]*name="decision" value="deny"/);
  assert.match(first("new-password"), /name="email"[\s\S]*name="password"/);
});

test("every form posts and carries what it was given unseen, but for a filter, which changes nothing", () => {
  for (const [name, page] of pages) {
    for (const [form] of page.matchAll(/<form[\s\S]*?<\/form>/g)) {
      if (form.startsWith('<form class="filter" method="get" action="/')) continue;
      assert.match(form, /^<form method="post" action="\/[^"]*">/, name);
      if (form.includes('action="/portal/logout"')) continue; // the frame's own: a forged sign-out does no more than that
      assert.match(form, /<input type="hidden" name="csrf" value="3q2-7w">/, name);
    }
  }
});

test("what the browser loads stays small: 10 KiB of style, 8 KiB of script, 35 KiB for a first view", () => {
  assert.ok(assets.styles.body.length <= 10 * 1024, `${assets.styles.body.length} bytes of style`);
  const sizes = [assets.styles.body, assets.script.body, assets.icon.body].map((body) => gzipSync(body).length);
  assert.ok((sizes[1] ?? 0) <= 8 * 1024);
  const largest = Math.max(...pages.map(([, page]) => gzipSync(page).length));
  assert.ok(sizes.reduce((sum, size) => sum + size, largest) <= 35 * 1024);
});

/** The tags of a page in their order, each with the names of its attributes. */
function tagsOf(page: string): { tag: string; attributes: string[] }[] {
  return [...page.matchAll(/<(\/?[a-z][^\s/>]*|!--)((?:[^>"]|"[^"]*")*)>/gi)].map(([, tag = "", rest = ""]) => ({
    tag: tag.toLowerCase(),
    attributes: [...rest.matchAll(/([^\s=/]+)(?:="[^"]*")?/g)].map(([, name = ""]) => name),
  }));
}

/** What runs in this room while `run` does: each as its file's path and its name. */
async function functionsRun(run: () => void): Promise<Set<string>> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
    run();
    const { result } = await session.post("Profiler.takePreciseCoverage");
    const room = new URL(".", import.meta.url).href;
    const ran = result
      .filter(({ url }) => url.startsWith(room))
      .flatMap(({ url, functions }) =>
        functions
          .filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0)
          .map(({ functionName }) => `${url.slice(room.length)} ${functionName}`),
      );
    return new Set(ran);
  } finally {
    session.disconnect();
  }
}
