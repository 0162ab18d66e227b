import { OAuthError } from "../errors.ts";

/** C0, DEL and C1. PostgreSQL refuses NUL, headers refuse line breaks, and no field of ours needs any of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Whether a text may go on: no control characters and no half of a surrogate pair, which UTF-8 cannot spell. */
export const isCleanText = (text: string): boolean => !CONTROL.test(text) && text.isWellFormed();

/** The same of every text and name in a JSON value, however deep. */
export function isCleanJson(value: unknown): boolean {
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === "string" && !isCleanText(next)) return false;
    if (typeof next === "object" && next !== null) left.push(...Object.values(next), ...Object.keys(next));
  }
  return true;
}

export interface Pair {
  name: string;
  value: string;
  /** The value as it was sent, still encoded. */
  raw: string;
}

/** More would only be sent to make us work. */
const PAIRS_MAX = 100;

/**
 * Splits `application/x-www-form-urlencoded` text: a query or a form's body.
 *
 * @throws {OAuthError} `invalid_request`: broken percent-encoding, bytes that are not UTF-8, control characters (also
 * encoded), or more than 100 pairs. Decoders that guess would let two parties read one text differently.
 */
export function readPairs(text: string): Pair[] {
  const pairs: Pair[] = [];
  if (text === "") return pairs;
  for (const part of text.split("&")) {
    if (part === "") continue;
    if (pairs.length === PAIRS_MAX) throw new OAuthError("invalid_request", "Too many parameters.");
    const equals = part.indexOf("=");
    const raw = equals < 0 ? "" : part.slice(equals + 1);
    pairs.push({ name: decode(equals < 0 ? part : part.slice(0, equals)), value: decode(raw), raw });
  }
  return pairs;
}

/** The text behind `%41` and `+`. @throws {OAuthError} `invalid_request` */
function decode(encoded: string): string {
  let text = encoded.includes("+") ? encoded.replaceAll("+", " ") : encoded;
  if (text.includes("%")) {
    try {
      text = decodeURIComponent(text);
    } catch {
      throw new OAuthError("invalid_request", "The percent-encoding is not valid UTF-8.");
    }
  }
  if (!isCleanText(text)) throw new OAuthError("invalid_request", "Control characters are not allowed.");
  return text;
}
