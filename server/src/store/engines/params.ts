import type { Param } from "../database.ts";

/**
 * Refuses what the two engines would store differently, or not at all, before either sees it: `undefined`, booleans and other
 * types, fractions and integers beyond 2^53, NUL (PostgreSQL has none), and half a surrogate pair (UTF-8 has none).
 *
 * @throws {TypeError} names the position, never the value.
 */
export function checkParams(params: readonly Param[]): void {
  for (let index = 0; index < params.length; index++) {
    const value: unknown = params[index];
    if (typeof value === "string") {
      if (value.includes("\0")) throw new TypeError(`$${index + 1} holds a NUL character.`);
      if (!value.isWellFormed()) throw new TypeError(`$${index + 1} holds half a surrogate pair.`);
    } else if (typeof value === "number") {
      if (!Number.isSafeInteger(value)) throw new TypeError(`$${index + 1} is not an integer within 2^53.`);
    } else if (value !== null) {
      throw new TypeError(`$${index + 1} is ${typeof value}: SQL is given strings, integers and null only.`);
    }
  }
}
