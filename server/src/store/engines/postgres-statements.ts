import type { Param } from "../database.ts";
import { checkParams } from "./params.ts";
import type { Query } from "./postgres-round-trip.ts";
import { parseStatement } from "./statement.ts";

/** Texts that get a name, and so a plan, on every connection; the bound is for texts made at run time. */
const NAMED_MAX = 500;

/** Checks what a statement is given, and names its text so that each connection plans it once. */
export function namedStatements() {
  const known = new Map<string, { name: string; parameterCount: number }>();
  return function queryOf(sql: string, params: readonly Param[]): Query {
    checkParams(params);
    let statement = known.get(sql);
    if (!statement) {
      statement = {
        name: known.size < NAMED_MAX ? `latchkey_${known.size + 1}` : "",
        parameterCount: parseStatement(sql).parameterCount,
      };
      if (statement.name) known.set(sql, statement);
    }
    if (params.length !== statement.parameterCount) {
      throw new Error(`${params.length} parameters for ${statement.parameterCount} in: ${sql}`);
    }
    return { name: statement.name, text: sql, values: params };
  };
}
