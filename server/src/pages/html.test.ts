import assert from "node:assert/strict";
import { test } from "node:test";
import { formOf } from "./forms.ts";
import { html, safeHref, visible } from "./html.ts";
import { tile } from "./tile.ts";

test("links lead to this server, to https, or to http on a loopback host", () => {
  for (const address of [
    "/",
    "/login?next=%2F",
    "https://app.example.com/a?b#c",
    "http://localhost:4400/",
    "http://127.0.0.1/",
    "http://[::1]:9/",
  ])
    assert.equal(safeHref(address), address);
});

test("links lead nowhere else", () => {
  for (const address of [
    "javascript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "JAVASCRIPT:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "http://example.com/",
    "http://localhost.evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "\\\\evil.example",
    "relative",
    "",
  ])
    assert.equal(safeHref(address), undefined, JSON.stringify(address));
});

test("a form that would post elsewhere is not made", () => {
  assert.throws(() => formOf({ action: "//evil.example/login", hidden: {} }, ""));
  assert.throws(() => formOf({ action: "javascript:alert(1)", hidden: {} }, ""));
});

test("values are escaped, finished HTML is not, and lists may hold both", () => {
  assert.equal(
    String(html`<p title="${`"'`}">${["<", html`<b>&amp;</b>`, ["&"]]}</p>`),
    `<p title="&quot;&#39;">&lt;<b>&amp;</b>&amp;</p>`,
  );
  assert.equal(String(html`${undefined}${false}${null}${""}${0}`), "0");
});

test("a value is shown to developers with its invisible characters written out", () => {
  assert.equal(visible("a\u202eb\u0000c\u200bd"), "a\\u{202e}b\\u{0}c\\u{200b}d");
  assert.ok(visible("x".repeat(100_000)).length < 2100);
});

test("a picture is shown from here or from within itself only; others become initials", () => {
  assert.match(String(tile("Acme", "/logos/1.png")), /^<img /);
  assert.match(String(tile("Acme", "data:image/png;base64,AAAA")), /^<img /);
  for (const image of [
    "",
    "https://cdn.example/a.png",
    "//cdn.example/a.png",
    "/\\cdn.example/a",
    "/\t/cdn.example/a",
    "data:text/html,x",
    "javascript:1",
  ])
    assert.match(String(tile("Acme", image)), /^<span /, image);
});

test("initials are the first letters of the first and last word, whatever the script", () => {
  const initials = (name: string) => String(tile(name, "")).match(/>(.*)</)?.[1];
  assert.equal(initials("acme planner for teams"), "AT");
  assert.equal(initials("Zoë"), "Z");
  assert.equal(initials("株式会社"), "株");
  assert.equal(initials("𝒜cme"), "𝒜");
  assert.equal(initials("!!!"), "");
});
