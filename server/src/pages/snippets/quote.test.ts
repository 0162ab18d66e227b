import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import { go, js, php, python, shell } from "./quote.ts";

/** Without NUL, which no address of ours and no argument of a program can hold. */
const text = fc.string({ unit: "binary", maxLength: 40 }).map((one) => one.replaceAll("\0", "").toWellFormed());
const nasty = fc.string({
  unit: fc.constantFrom(..."'\"`$(){}\\;&|<>!#~* \n\r\t%:/</script>".split("")),
  maxLength: 30,
});
const texts = fc.array(fc.oneof(text, nasty), { minLength: 30, maxLength: 60 });

/** What a program prints for a list of literals: each with a NUL after it. */
function printed(program: string, args: readonly string[], code: string): string[] | undefined {
  const { status, stdout, error } = spawnSync(program, args, { input: code, encoding: "utf8" });
  if (error) return undefined; // not on this machine
  assert.equal(status, 0, code);
  return stdout.split("\0").slice(0, -1);
}

test("JavaScript gives back any text that was quoted for it, and a page's script does not end in it", () => {
  fc.assert(
    fc.property(fc.oneof(text, nasty), (one) => {
      assert.equal(new Function(`return ${js(one)}`)(), one);
      assert.ok(!js(one).includes("<"));
    }),
  );
});

test("a shell gives back any text that was quoted for it", () => {
  fc.assert(
    fc.property(texts, (all) => {
      const code = `printf '%s\\0' ${all.map(shell).join(" ")}`;
      for (const program of ["bash", "sh"]) assert.deepEqual(printed(program, [], code), all);
    }),
    { numRuns: 10 },
  );
});

test("Python gives back any text that was quoted for it", (t) => {
  fc.assert(
    fc.property(texts, (all) => {
      const code = `import sys\nfor one in [${all.map(python).join(", ")}]: sys.stdout.buffer.write(one.encode() + b"\\0")`;
      const back = printed("python3", ["-"], code);
      if (!back) return t.skip("there is no python3");
      assert.deepEqual(back, all);
    }),
    { numRuns: 5 },
  );
});

test("PHP and Go get what would end their literals escaped", () => {
  assert.equal(php("a'b\\"), String.raw`'a\'b\\'`);
  assert.equal(php('"$x`'), `'"$x\`'`);
  assert.equal(go('a"b\\`$'), '"a\\"b\\\\`$"');
});
