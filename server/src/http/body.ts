import { isUtf8 } from "node:buffer";
import { OAuthError } from "../errors.ts";
import type { HttpContext, Incoming } from "./context.ts";
import { headerOf } from "./headers.ts";
import { readMultipart } from "./multipart.ts";
import { isCleanJson, isCleanText, readPairs } from "./text.ts";

export const BODY_BYTES_MAX = 64 * 1024;

/** The fields of a body. A field nobody asks for is ignored, whatever it holds and however often it was sent. */
export interface BodyFields {
  /**
   * The text of a field; an empty one is `""`, an absent one `undefined`.
   *
   * @throws {OAuthError} `invalid_request`: it was sent twice in a form, is not text (a number, `null`, a file …),
   * or holds control characters.
   */
  text(name: string): string | undefined;
  has(name: string): boolean;
  /** A field that a form has twice, if there is one. */
  repeated(): string | undefined;
}

/** Of a request that has no body. */
export const NO_FIELDS: BodyFields = { text: () => undefined, has: () => false, repeated: () => undefined };

/**
 * The body of an app's request: JSON, urlencoded or multipart (wire section 4).
 *
 * A body whose first byte is `{` is JSON whatever the header says: real clients send JSON under the form type.
 * @throws {OAuthError} `invalid_request`: 400 empty or unreadable, 413 larger than 64 KiB, 415 of no type we read.
 */
export async function readBody(c: HttpContext): Promise<BodyFields> {
  const bytes = await readBytes(c);
  const text = decode(bytes);
  if (text.trim() === "") throw new OAuthError("invalid_request", "The body is empty.");
  if (/^\s*\{/.test(text)) return fieldsOfJson(text);
  const header = headerOf(c, "content-type") ?? "";
  switch (mediaType(header)) {
    case "application/json":
      return fieldsOfJson(text);
    case "application/x-www-form-urlencoded":
      return fieldsOfForm(readPairs(text.trim()));
    case "multipart/form-data":
      return fieldsOfForm(readMultipart(text, header));
    default:
      throw unreadableType("Send application/json or application/x-www-form-urlencoded.");
  }
}

/**
 * The body of a form, urlencoded only: what browsers send from our pages, and RFC 6749's endpoints take. May be empty.
 *
 * @throws {OAuthError} `invalid_request`: 400 unreadable, 413 larger than 64 KiB, 415 of another type.
 */
export async function readForm(c: HttpContext): Promise<BodyFields> {
  return fieldsOfForm(readPairs(formText(c, await readBytes(c))));
}

/** The same as it was sent: a query, since both are spelled alike. @throws {OAuthError} as `readForm` does */
export async function readFormText(c: HttpContext): Promise<string> {
  const text = formText(c, await readBytes(c));
  readPairs(text); // refuses what is broken
  return text;
}

function formText(c: HttpContext, bytes: Uint8Array): string {
  const text = decode(bytes).trim();
  const type = mediaType(headerOf(c, "content-type") ?? "");
  if (type !== "application/x-www-form-urlencoded" && text !== "")
    throw unreadableType("Send application/x-www-form-urlencoded.");
  return text;
}

/**
 * Any JSON value; `undefined` for an empty body. Keys such as `__proto__` are plain properties of their object.
 *
 * @throws {OAuthError} `invalid_request`: 400 unreadable, 413 larger than `bytesMax`.
 */
export async function readJson(c: HttpContext, bytesMax = BODY_BYTES_MAX): Promise<unknown> {
  const text = decode(await readBytes(c, bytesMax));
  return text.trim() === "" ? undefined : parseJson(text);
}

const mediaType = (header: string) => (header.split(";", 1)[0] ?? "").trim().toLowerCase();

const unreadableType = (description: string) => new OAuthError("invalid_request", description, { status: 415 });
const tooLarge = () => new OAuthError("invalid_request", "The body is too large.", { status: 413 });

function decode(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new OAuthError("invalid_request", "The body is not valid UTF-8.");
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  return text.startsWith("\ufeff") ? text.slice(1) : text; // a byte order mark
}

/** All bytes, or a refusal as soon as there are too many. */
async function readBytes(c: HttpContext, bytesMax = BODY_BYTES_MAX): Promise<Uint8Array> {
  const request = c.req.raw;
  const declared = headerOf(c, "content-length");
  if (declared !== undefined) {
    if (Number(declared) > bytesMax) throw tooLarge();
    // node:http delivers no byte more than was declared, and both ways go past web streams. The first is for a body that
    // came in one piece with its head, as nearly all do: a turn of promises later it is there, and nobody has to listen.
    await undefined;
    const whole = c.env?.incoming && readWhole(c.env.incoming, Number(declared));
    if (whole) return whole;
    const bytes = new Uint8Array(await readable(request.arrayBuffer()));
    if (bytes.length > bytesMax) throw tooLarge();
    return bytes;
  }
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await readable(reader.read());
    if (done) return Buffer.concat(chunks, length);
    length += value.length;
    if (length > bytesMax) {
      reader.cancel().catch(() => {}); // whether the client notices is not our matter
      throw tooLarge();
    }
    chunks.push(value);
  }
}

function readWhole(incoming: Incoming, length: number): Uint8Array | null | undefined {
  if (incoming.readableLength !== length) return undefined;
  const bytes = incoming.read?.();
  incoming.resume?.(); // to its end, or it would count as left unread
  return bytes;
}

/** A client that hangs up in the middle of its body is no bug of ours. */
async function readable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw new OAuthError("invalid_request", "The body could not be read.", { detail: `body cut off: ${error}` });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new OAuthError("invalid_request", "The body is not valid JSON.");
  }
}

function fieldsOfJson(text: string): BodyFields {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new OAuthError("invalid_request", "The body must be a JSON object.");
  if (!isCleanJson(value)) throw new OAuthError("invalid_request", "Control characters are not allowed.");
  const fields = new Map<string, unknown>(Object.entries(value));
  return {
    has: (name) => fields.has(name),
    repeated: () => undefined,
    text: (name) => (fields.has(name) ? requireText(name, fields.get(name)) : undefined),
  };
}

/** A form's fields in their order; `undefined` stands for a file. They are few, so each is looked for among all. */
function fieldsOfForm(pairs: readonly { name: string; value: string | undefined }[]): BodyFields {
  const first = (name: string) => pairs.find((pair) => pair.name === name);
  const isLast = (pair: { name: string }) => pairs.findLast(({ name }) => name === pair.name) === pair;
  return {
    has: (name) => first(name) !== undefined,
    repeated: () => pairs.find((pair) => !isLast(pair))?.name,
    text(name) {
      const pair = first(name);
      if (!pair) return undefined;
      if (!isLast(pair)) throw new OAuthError("invalid_request", `${name} was sent more than once.`);
      return requireText(name, pair.value);
    },
  };
}

function requireText(name: string, value: unknown): string {
  if (typeof value !== "string") throw new OAuthError("invalid_request", `${name} must be a text.`);
  if (!isCleanText(value)) throw new OAuthError("invalid_request", `${name} must not hold control characters.`);
  return value;
}
