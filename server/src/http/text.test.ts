import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isCleanText, readPairs } from "./text.ts";

const invalid = { name: "OAuthError", code: "invalid_request" };

test("pairs are split, `+` and percent-encoding decoded, and the raw value kept", () => {
  assert.deepEqual(readPairs("a=1+2&b%5B%5D=%C3%A9&c&d=&=e&&f=x=y"), [
    { name: "a", value: "1 2", raw: "1+2" },
    { name: "b[]", value: "é", raw: "%C3%A9" },
    { name: "c", value: "", raw: "" },
    { name: "d", value: "", raw: "" },
    { name: "", value: "e", raw: "e" },
    { name: "f", value: "x=y", raw: "x=y" },
  ]);
});

test("whatever a browser encodes is read back", () => {
  const clean = fc.string({ unit: "grapheme", maxLength: 40 }).filter(isCleanText);
  fc.assert(
    fc.property(fc.array(fc.tuple(clean, clean), { maxLength: 20 }), (pairs) => {
      const read = readPairs(new URLSearchParams(pairs).toString());
      assert.deepEqual(
        read.map(({ name, value }) => [name, value]),
        pairs,
      );
    }),
  );
});

test("nothing but a refusal comes of arbitrary text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      try {
        readPairs(text);
      } catch (error) {
        assert.equal((error as { code?: string }).code, "invalid_request");
      }
    }),
  );
});

test("broken percent-encoding, bytes that are not UTF-8 and control characters are refused", () => {
  for (const text of [
    "a=%",
    "a=%4",
    "a=%zz",
    "a=%ff",
    "a=%C0%80",
    "a=%ED%A0%80",
    "a=%00",
    "a=%0A",
    "a=\u0007",
    "%0D=1",
    "a=%7F",
    "a=%C2%85",
  ])
    assert.throws(() => readPairs(text), invalid, text);
});

test("a hundred parameters are read, more are refused", () => {
  assert.equal(readPairs("a=1&".repeat(100)).length, 100);
  assert.throws(() => readPairs("a=1&".repeat(101)), invalid);
});
