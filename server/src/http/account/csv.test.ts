import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf } from "./csv.ts";

test("cells are quoted, whatever they hold", () => {
  assert.equal(
    csvOf([
      ["a", 'b "c"'],
      ["d,e", "f\r\ng"],
    ]),
    '"a","b ""c"""\r\n"d,e","f\r\ng"\r\n',
  );
});

test("no cell is a formula to a spreadsheet", () => {
  for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1"]) assert.equal(csvOf([[text]]), `"'${text}"\r\n`);
});
