import type { HttpContext } from "./context.ts";
import { type Pair, readPairs } from "./text.ts";

/** The parameters of a request's address. */
export interface Query {
  /** The first value of that name, decoded; an empty one is `""`, an absent one `undefined`. */
  get(name: string): string | undefined;
  /** The same value byte for byte as it was sent, for what is copied into another address (`state`). */
  raw(name: string): string | undefined;
  has(name: string): boolean;
  /** Names that were sent more than once. */
  readonly repeated: readonly string[];
}

/** The query of a request. @throws {OAuthError} `invalid_request`, as `readPairs` does */
export const readQuery = (c: HttpContext): Query => parseQuery(queryText(requestTarget(c)));

/**
 * The address as the client wrote it. The `Request` holds what a URL parser made of it, where `'` may have become `%27`.
 * Raw bytes beyond ASCII, which no URI has, are spelled as a browser would have.
 */
export function requestTarget(c: HttpContext): string {
  const target = c.env?.incoming?.url ?? c.req.url;
  return BEYOND_ASCII.test(target) ? target.replace(BEYOND_ASCII_ALL, percentEncodeByte) : target;
}

/** node:http gives bytes as Latin-1 characters. */
const BEYOND_ASCII = /[\u0080-\u00ff]/;
const BEYOND_ASCII_ALL = /[\u0080-\u00ff]/g;
const percentEncodeByte = (byte: string) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`;

function queryText(target: string): string {
  const start = target.indexOf("?");
  if (start < 0) return "";
  const end = target.indexOf("#", start); // no client sends one; a URL parser would drop it
  return end < 0 ? target.slice(start + 1) : target.slice(start + 1, end);
}

/** @throws {OAuthError} `invalid_request`, as `readPairs` does */
export function parseQuery(text: string): Query {
  const first = new Map<string, Pair>();
  const repeated = new Set<string>();
  for (const pair of readPairs(text)) {
    if (first.has(pair.name)) repeated.add(pair.name);
    else first.set(pair.name, pair);
  }
  return {
    get: (name) => first.get(name)?.value,
    raw: (name) => first.get(name)?.raw,
    has: (name) => first.has(name),
    repeated: [...repeated],
  };
}
