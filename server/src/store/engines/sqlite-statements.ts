import type { DatabaseSync, StatementSync } from "node:sqlite";
import { LRUCache } from "lru-cache";
import type { Param, Result, Row } from "../database.ts";
import { parseStatement } from "./statement.ts";

/** More than the product has texts; the bound is for texts made at run time. */
const STATEMENTS_MAX = 500;

interface Prepared {
  statement: StatementSync;
  parameterCount: number;
  columns: readonly string[];
  /** SQLite answers every other statement with the count of the last one that changed rows. */
  changesRows: boolean;
}

/** The prepared statements of one connection, each made at its first use. */
export function preparedStatements(connection: DatabaseSync) {
  const cache = new LRUCache<string, Prepared>({ max: STATEMENTS_MAX });

  function prepare(sql: string): Prepared {
    const { questionMarks, parameterCount } = parseStatement(sql);
    const statement = connection.prepare(questionMarks);
    statement.setReturnArrays(true);
    const columns = statement.columns().map((column) => column.name);
    const prepared = {
      statement,
      parameterCount,
      columns,
      changesRows: /^\s*(INSERT|UPDATE|DELETE|WITH)\b/i.test(sql),
    };
    cache.set(sql, prepared);
    return prepared;
  }

  return {
    run(sql: string, params: readonly Param[]): Result {
      const { statement, parameterCount, columns, changesRows } = cache.get(sql) ?? prepare(sql);
      if (params.length !== parameterCount) {
        throw new Error(`${params.length} parameters for ${parameterCount} in: ${sql}`);
      }
      const values = params.map(bindable);
      if (columns.length === 0) {
        const { changes } = statement.run(...values);
        return { count: changesRows ? Number(changes) : 0, rows: [] };
      }
      const rows = (statement.all(...values) as unknown as Row[string][][]).map((values) => rowOf(columns, values));
      return { count: rows.length, rows };
    },
  };
}

/** A JavaScript number is bound as a REAL: `7 / 2` would be 3.5, and a text column would hold `5.0`. */
const bindable = (value: Param) => (typeof value === "number" ? BigInt(value) : value);

/** Built here rather than by SQLite: faster, and a plain object, as PostgreSQL's are. */
function rowOf(columns: readonly string[], values: readonly (Row[string] | undefined)[]): Row {
  const row: Row = {};
  for (let index = 0; index < columns.length; index++) row[columns[index] ?? ""] = values[index] ?? null;
  return row;
}
