import type { HttpContext } from "../context.ts";
import { readQuery } from "../query.ts";
import type { Key } from "./collection.ts";
import { ID_MAX } from "./fields.ts";
import { Problem } from "./problems.ts";

const LIMIT_DEFAULT = 50;
export const LIMIT_MAX = 200;

/** What `after` and a member's address may look like; whatever else was sent names nothing that we made. */
const KEYS: Record<Key, RegExp> = {
  id: /^[1-9]\d{0,9}$/,
  hash: /^[\da-zA-Z_-]{1,64}$/,
  name: /^[\da-zA-Z._:/-]{1,64}$/,
  position: /^\d{1,12}\.[\da-f]{32}$/,
};

/** Where a page begins when nothing is said. */
const FIRST: Record<Key, string> = { id: "0", hash: "", name: "", position: "0." };

export const isKey = (key: Key, text: string): boolean =>
  KEYS[key].test(text) && (key !== "id" || Number(text) <= ID_MAX);

/** @throws {Problem} 400 */
export function readPage(c: HttpContext, key: Key): { after: string; limit: number } {
  const query = readQuery(c);
  const repeated = query.repeated.find((name) => name === "after" || name === "limit");
  if (repeated !== undefined) throw badPage(repeated, "It was sent more than once.");
  const limit = query.get("limit") ?? String(LIMIT_DEFAULT);
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > LIMIT_MAX)
    throw badPage("limit", `It must be 1 to ${LIMIT_MAX}.`);
  const after = query.get("after") ?? FIRST[key];
  if (after !== FIRST[key] && !isKey(key, after)) throw badPage("after", "Give the next of the page before.");
  return { after, limit: Number(limit) };
}

const badPage = (field: string, message: string) =>
  new Problem(400, `${field}: ${message}`, { errors: [{ field, message }] });
