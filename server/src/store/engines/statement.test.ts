import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStatement } from "./statement.ts";

test("parameters become ?n and are counted once, however often they are used", () => {
  assert.deepEqual(parseStatement("SELECT $1, $2 FROM t WHERE a = $1 AND b = $10 - $3 - $4 - $5 - $6 - $7 - $8 - $9"), {
    questionMarks: "SELECT ?1, ?2 FROM t WHERE a = ?1 AND b = ?10 - ?3 - ?4 - ?5 - ?6 - ?7 - ?8 - ?9",
    parameterCount: 10,
  });
});

test("literals, quoted names and comments are left as they are", () => {
  const sql = `SELECT 'it''s $1?; ' AS "$2 ""?;", $1 /* $3 ; ? */ -- $4 ? ' "`;
  assert.deepEqual(parseStatement(sql), { questionMarks: sql.replace(", $1", ", ?1"), parameterCount: 1 });
});

for (const [what, sql] of Object.entries({
  "a question mark": "SELECT ?",
  "a bare dollar": "SELECT $$text$$",
  "a named parameter": "SELECT $name",
  "a second statement": "SELECT 1; DROP TABLE t",
  "a semicolon at the end": "SELECT 1;",
  "an open literal": "SELECT 'abc",
  "an open name": 'SELECT "abc',
  "a gap in the numbers": "SELECT $1, $3",
  "parameter zero": "SELECT $0",
})) {
  test(`${what} is refused`, () => assert.throws(() => parseStatement(sql), Error));
}
