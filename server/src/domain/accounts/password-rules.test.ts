import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { passwordProblem } from "./password-rules.ts";

const EMAIL = "dana.lee@acme.test";

test("a password has 12 to 1,024 characters", () => {
  assert.match(passwordProblem("tram-ox-fig", EMAIL) ?? "", /at least 12/);
  assert.equal(passwordProblem("tram-ox-figs", EMAIL), undefined);
  assert.equal(passwordProblem(`tram ox fig ${"é7 ".repeat(400)}`.slice(0, 1024), EMAIL), undefined);
  assert.match(passwordProblem(`tram ox fig ${"ab7 ".repeat(300)}`, EMAIL) ?? "", /at most 1,024/);
});

test("characters are counted as people see them, in one composition", () => {
  assert.equal(passwordProblem("𝄞🎺🥁🎻🎷🪕🎸🪗🎹🪘📯🎼", EMAIL), undefined);
  // Six characters, each written as a letter and a combining mark.
  assert.match(passwordProblem("ro\u0308mi\u0308o\u0308a\u0308".slice(0, 12), EMAIL) ?? "", /at least 12/);
});

test("any kind of characters will do", () => {
  for (const password of ["correct lamp giraffe", "ЗеленыйСлонПоет", "72 Trombones!", "ＷＩＤＥ zebra walks"])
    assert.equal(passwordProblem(password, EMAIL), undefined, password);
});

test("what guessing programs try first is refused", () => {
  for (const password of [
    "password1234",
    "P@ssw0rd2026",
    "Welcome12345!",
    "iloveyou!iloveyou",
    "1q2w3e4r5t6y",
    "Correct Horse Battery Staple",
    "ｐａｓｓｗｏｒｄ１２３４",
    "sunshine-princess1",
  ])
    assert.match(passwordProblem(password, EMAIL) ?? "", /Too many people/, password);
});

test("repetitions and rows of the keyboard are refused", () => {
  for (const password of [
    "aaaaaaaaaaaa",
    "abcabcabcabca",
    "qwertyuiop12",
    "abcdefghijkl",
    "poiuytrewqlk",
    "lamp-ox!lamp-ox!",
  ])
    assert.match(passwordProblem(password, EMAIL) ?? "", /simple pattern/, password);
  assert.match(passwordProblem("198506231985", EMAIL) ?? "", /Digits alone/);
});

test("the e-mail's own name and the name of the login are refused", () => {
  assert.match(passwordProblem("i-am-Dana.Lee-hi", EMAIL) ?? "", /Leave out/);
  assert.match(passwordProblem("my LatchKey door", EMAIL) ?? "", /Leave out/);
  assert.equal(passwordProblem("bob likes giraffes", "bob@acme.test"), undefined, "three letters turn up by chance");
});

test("any text gets an answer", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), fc.emailAddress(), (password, email) => {
      const problem = passwordProblem(password, email);
      assert.ok(problem === undefined || /^[A-Z].*\.$/.test(problem));
    }),
  );
});

test("what newSecret makes is never refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      if (new Set(bytes).size < 16) return; // no random generator gives these
      assert.equal(passwordProblem(Buffer.from(bytes).toString("base64url"), EMAIL), undefined);
    }),
  );
});
