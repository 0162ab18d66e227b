import type { z } from "zod";
import { readJson } from "../body.ts";
import type { HttpContext } from "../context.ts";
import { headerOf } from "../headers.ts";
import { isCleanJson } from "../text.ts";
import { type FieldProblem, Problem, refusedValues } from "./problems.ts";

type JsonObject = Record<string, unknown>;

/** Nothing of ours is deeper than a company's name. What walks a body later may recurse. */
const DEPTH_MAX = 8;

const JSON_TYPE = /^application\/(?:json|[\w.-]+\+json)\s*(?:;|$)/i;

/** The JSON object of a request; an empty body is an empty object. @throws {Problem} 400; {OAuthError} 400, 413 */
export async function readObject(c: HttpContext): Promise<JsonObject> {
  const type = headerOf(c, "content-type");
  if (type !== undefined && !JSON_TYPE.test(type.trim())) throw new Problem(400, "Send application/json.");
  const value = await readJson(c);
  if (value === undefined) return {};
  if (!isObject(value)) throw new Problem(400, "The body must be a JSON object.");
  if (isDeeperThan(DEPTH_MAX, value)) throw new Problem(400, "The body is nested too deeply.");
  const field = uncleanMember(value);
  if (field !== undefined)
    throw new Problem(400, "Control characters are not allowed.", {
      errors: [{ field, message: "It holds control characters." }],
    });
  return value;
}

/** The path of the first member with control characters in it or in its name. */
function uncleanMember(object: JsonObject): string | undefined {
  for (const [name, member] of Object.entries(object)) {
    const inside = isObject(member) ? uncleanMember(member) : undefined;
    if (inside !== undefined) return `${name}.${inside}`;
    if (!isCleanJson([name, member])) return name;
  }
  return undefined;
}

function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => isDeeperThan(depth - 1, member));
}

/** The value that a schema makes of a body. @throws {Problem} 422, every refused member named. */
export function check<T>(schema: z.ZodType<T>, value: unknown, readOnly: ReadonlySet<string> = new Set()): T {
  const parsed = schema.safeParse(value, {
    error: (issue) => (issue.input === undefined ? "It is required." : undefined),
  });
  if (parsed.success) return parsed.data;
  throw refusedValues(parsed.error.issues.flatMap((issue) => fieldProblems(issue, readOnly)));
}

function fieldProblems(issue: z.core.$ZodIssue, readOnly: ReadonlySet<string>): FieldProblem[] {
  // An item of a list is the list's problem: a form has one place to show it.
  const path = issue.path.filter((step) => typeof step === "string");
  if (issue.code !== "unrecognized_keys") return [{ field: path.join("."), message: issue.message }];
  return issue.keys.map((key) => {
    const field = [...path, key].join(".");
    return { field, message: readOnly.has(field) ? "It cannot be changed." : "There is no such member." };
  });
}

/**
 * A JSON merge patch (RFC 7396) put onto what can be changed of a member.
 *
 * Members that cannot be changed may be sent as they are, so that what GET gave can be sent back.
 * @param view  the member as GET shows it.
 * @param names  what of it can be changed.
 */
export function mergePatch(view: JsonObject, names: readonly string[], patch: JsonObject): JsonObject {
  const changeable = new Set(names);
  const merged = new Map(names.map((name) => [name, editable(view[name])]));
  for (const [name, value] of Object.entries(patch)) {
    if (!changeable.has(name) && sameJson(view[name], value)) continue;
    if (value === null && changeable.has(name)) merged.delete(name);
    else merged.set(name, mergeMember(view[name], value));
  }
  return fromEntries(merged);
}

/** The only members that are objects themselves are companies, and of those the id is ours. */
const editable = (value: unknown) =>
  isObject(value) ? fromEntries(new Map(Object.entries(value).filter(([key]) => key !== "id"))) : value;

function mergeMember(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return after;
  const merged = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(after)) {
    merged.set(key, value ?? ""); // a text that is taken away is an empty one
  }
  if (merged.get("id") === before.id) merged.delete("id");
  return fromEntries(merged);
}

/** Like Object.fromEntries; `__proto__` is a name like any other either way. */
const fromEntries = (entries: ReadonlyMap<string, unknown>): JsonObject => Object.fromEntries(entries);

const sameJson = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
