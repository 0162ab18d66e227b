import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { normaliseEmail } from "./email.ts";

test("one person's spellings of one e-mail are one key", () => {
  const spellings: Record<string, string> = {
    "dana@acme.test": "dana@acme.test",
    "  Dana@ACME.Test\n": "dana@acme.test",
    "dana+news@acme.test": "dana+news@acme.test",
    "o'hara@acme.test": "o'hara@acme.test",
    "root@localhost": "root@localhost",
    "dana@Bücher.example": "dana@xn--bcher-kva.example",
    "jos\u0065\u0301@acme.test": "jos\u00e9@acme.test",
    "JOS\u00c9@acme.test": "jos\u00e9@acme.test",
    "dana@127.1": "dana@127.1",
  };
  for (const [text, key] of Object.entries(spellings)) assert.equal(normaliseEmail(text), key, text);
});

test("what is no e-mail, or could be read as two, is refused", () => {
  for (const text of [
    "",
    "dana",
    "@acme.test",
    "dana@",
    "a@b@acme.test",
    "dana @acme.test",
    "dana@acme .test",
    "dana@acme.test, eve@evil.test",
    "dana@acme.test\r\nBcc: eve@evil.test",
    "dana\u0000@acme.test",
    '"dana lee"@acme.test',
    "<dana@acme.test>",
    "dana@acme..test",
    "dana@.acme.test",
    "dana@acme.test.",
    ".dana@acme.test",
    "da..na@acme.test",
    "dana@-acme.test",
    "dana@[127.0.0.1]",
    "dana\u202e@acme.test",
    "dana\ud800@acme.test",
    `${"a".repeat(65)}@acme.test`,
    `dana@${"a".repeat(64)}.test`,
    `dana@${"a.".repeat(125)}test`,
  ])
    assert.equal(normaliseEmail(text), undefined, JSON.stringify(text));
});

test("normalising twice changes nothing, whatever the text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: "binary" })), (text) => {
      const key = normaliseEmail(text);
      if (key !== undefined) assert.equal(normaliseEmail(key), key);
    }),
  );
});
