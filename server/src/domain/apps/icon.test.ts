import assert from "node:assert/strict";
import { test } from "node:test";
import { iconProblem } from "./icon.ts";

const PNG = "\x89PNG\r\n\x1a\n";
const dataUrl = (type: string, bytes: string) =>
  `data:image/${type};base64,${Buffer.from(bytes, "latin1").toString("base64")}`;

test("an icon is a small PNG, JPEG or WebP picture itself, or the address of one, or empty", () => {
  for (const icon of [
    "",
    "https://example.com/icon.png",
    dataUrl("png", `${PNG}rest`),
    dataUrl("jpeg", "\xff\xd8\xffrest"),
    dataUrl("webp", "RIFF....WEBPrest"),
  ])
    assert.equal(iconProblem(icon), undefined, icon);
});

test("nothing else is: no document, no script, nothing under a false name, nothing large", () => {
  for (const icon of [
    "http://example.com/icon.png",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "data:image/constructor;base64,AAAA",
    dataUrl("png", "<svg>"),
    dataUrl("jpeg", `${PNG}rest`),
    `${dataUrl("png", PNG)}" onerror="alert(1)`,
    `${dataUrl("png", PNG)}\n`,
    dataUrl("png", PNG).replace("data:", "DATA:"),
  ])
    assert.ok(iconProblem(icon), icon);
  assert.match(iconProblem(dataUrl("png", PNG + "x".repeat(7_000))) ?? "", /too large/);
});
