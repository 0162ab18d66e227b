import { found } from "../server/test/support/store-statements.ts";

/** A statement as our own store has it: read from there, so that a floor runs the same text, or falls. */
export function textOf(file: string, name: string): string {
  const statement = found.find((one) => one.file === `${file}.ts` && one.name === name);
  if (!statement) throw new Error(`${file} has no ${name} any more.`);
  return statement.sql;
}
