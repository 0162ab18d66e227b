import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readMultipart } from "./multipart.ts";

const invalid = { name: "OAuthError", code: "invalid_request" };
const TYPE = "multipart/form-data; boundary=x";
const part = (head: string, value: string) => `--x\r\n${head}\r\n\r\n${value}\r\n`;
const named = (name: string, value: string) => part(`Content-Disposition: form-data; name="${name}"`, value);

test("each part has its name and its value, whatever stands before, after and beside them", () => {
  const body = `preamble\r\n${named("a", "1\r\n2")}${part("content-type: text/plain\r\ncontent-disposition: form-data; name=b", "")}--x--\r\nepilogue`;
  assert.deepEqual(readMultipart(body, TYPE), [
    { name: "a", value: "1\r\n2" },
    { name: "b", value: "" },
  ]);
  assert.deepEqual(
    readMultipart(`${named("a", "1")}--x--`, 'multipart/form-data; charset=utf-8; boundary="x"')[0]?.name,
    "a",
  );
});

test("a file is named and its content dropped", () => {
  const file = part('Content-Disposition: form-data; name="a"; filename="a.txt"', "secret");
  assert.deepEqual(readMultipart(`${file}--x--`, TYPE), [{ name: "a", value: undefined }]);
});

test("no boundary, no end, no name and no header are refused", () => {
  for (const [body, type] of [
    [`${named("a", "1")}--x--`, "multipart/form-data"],
    [named("a", "1"), TYPE],
    [`${part("Content-Disposition: form-data", "1")}--x--`, TYPE],
    [`${part("Content-Type: text/plain", "1")}--x--`, TYPE],
    ["--x\r\nContent-Disposition: form-data; name=a\r\n--x--", TYPE],
    ["--xy\r\n\r\n1\r\n--x--", TYPE],
    [`${named("a", "1").repeat(101)}--x--`, TYPE],
  ] as const)
    assert.throws(() => readMultipart(body, type), invalid, body.slice(0, 60));
});

test("what the platform writes is read back", async () => {
  const name = fc.stringMatching(/^[a-z_]{1,10}$/);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, fc.stringMatching(/^[ -~]{0,30}$/)), { maxLength: 8 }), async (pairs) => {
      fc.pre(pairs.length > 0);
      const form = new FormData();
      for (const [key, value] of pairs) form.append(key, value);
      const message = new Response(form);
      const parts = readMultipart(await message.text(), message.headers.get("content-type") ?? "");
      assert.deepEqual(
        parts.map(({ name, value }) => [name, value]),
        pairs,
      );
    }),
    { numRuns: 50 },
  );
});
