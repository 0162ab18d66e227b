import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { originProblem } from "./origins.ts";

test("an origin is listed as browsers send it", () => {
  for (const origin of [
    "https://app.example.com",
    "https://app.example.com:8443",
    "http://localhost:3000",
    "http://[::1]:3000",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "capacitor://localhost",
  ])
    assert.equal(originProblem(origin), undefined, origin);
});

test("whatever no browser sends is refused with the reason", () => {
  const refused: Record<string, RegExp> = {
    "": /scheme and host/,
    null: /sandboxed/,
    "*": /Wildcards/,
    "https://*.example.com": /Wildcards/,
    "app.example.com": /scheme and host/,
    "https://": /scheme and host/,
    "https:app.example.com": /scheme and host/,
    "https://app.example.com/": /send it: https:\/\/app\.example\.com$/,
    "https://app.example.com/path": /send it: https:\/\/app\.example\.com$/,
    "https://app.example.com?": /send it/,
    "https://app.example.com#": /send it/,
    "https://app.example.com:443": /send it: https:\/\/app\.example\.com$/,
    "http://app.example.com:80": /send it: http:\/\/app\.example\.com$/,
    "HTTPS://app.example.com": /send it/,
    "https://App.example.com": /send it/,
    "https://a@app.example.com": /send it: https:\/\/app\.example\.com$/,
    "https://bücher.example": /send it: https:\/\/xn--bcher-kva\.example$/,
    "https://127.1": /send it: https:\/\/127\.0\.0\.1$/,
    "https://app.example.com\\": /scheme and host/,
    "https://app.example.com ": /scheme and host/,
    "https://app.\texample.com": /scheme and host/,
    "javascript://a": /not allowed/,
    "file://host": /not allowed/,
    [`https://${"a".repeat(300)}`]: /300/,
  };
  for (const [origin, reason] of Object.entries(refused))
    assert.match(originProblem(origin) ?? "allowed", reason, origin);
});

test("no text whatever throws, and an allowed web origin is what the URL parser serialises", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.webUrl(),
        fc.webAuthority().map((a) => `https://${a}`),
        fc.string(),
      ),
      (text) => {
        if (originProblem(text) === undefined && /^https?:/.test(text)) assert.equal(new URL(text).origin, text);
      },
    ),
  );
});
