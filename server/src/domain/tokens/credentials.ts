import { randomBytes, randomUUID } from "node:crypto";
import { hashSecret } from "../../secrets.ts";

/** What the readable part of a token says. Routing hints, never authority: the row found by the token's hash decides. */
export interface TokenHint {
  installationId: number;
  userId: number;
  region: string;
}

export interface Issued {
  /** The string itself: leaves in one answer and is stored nowhere. */
  secret: string;
  hash: string;
}

const ACCESS = "tkn.v1_";
const REFRESH = "rfr.v1_";
const READABLE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-([1-9]\d{0,9})\.([1-9]\d{0,9})\.([A-Z][A-Z0-9]{1,15})$/;
const CODE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-([A-Z][A-Z0-9]{1,15})$/;
const ID_MAX = 2 ** 31 - 1;

/** 128 random bits in the shape of a UUID. (A real UUID spends six of them on its version.) */
const randomBitsAsUuid = (): string =>
  randomBytes(16)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

const issued = (secret: string): Issued => ({ secret, hash: hashSecret(secret) });

const readable = (prefix: string, { installationId, userId, region }: TokenHint): Issued =>
  issued(prefix + Buffer.from(`${randomBitsAsUuid()}-${installationId}.${userId}.${region}`).toString("base64"));

export const newAccessToken = (hint: TokenHint): Issued => readable(ACCESS, hint);

export const newRefreshToken = (hint: TokenHint): Issued => readable(REFRESH, hint);

/** `7cc8debd-a469-4b8b-9eef-f825d4480274-US`: random bits, and the region in which the code is kept. */
export const newCode = (region: string): Issued => issued(`${randomBitsAsUuid()}-${region}`);

/** A name for a token in lists and addresses; tells nothing about the token. */
export const newTokenId = (): string => randomUUID();

/** The region a code names, or `undefined` for what was never a code of ours. */
export const regionOfCode = (code: string): string | undefined => CODE.exec(code)?.[1];

export const readAccessToken = (token: string): TokenHint | undefined => readHint(ACCESS, token);

export const readRefreshToken = (token: string): TokenHint | undefined => readHint(REFRESH, token);

/**
 * Only the canonical spelling is a token. Base64 decoders accept many spellings of the same bytes (other alphabets,
 * missing padding, white space); two spellings of one token would be two keys in every cache on the way.
 */
function readHint(prefix: string, token: string): TokenHint | undefined {
  if (!token.startsWith(prefix) || token.length > 200) return undefined;
  const encoded = token.slice(prefix.length);
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.toString("base64") !== encoded) return undefined;
  const [, installation = "", user = "", region = ""] = READABLE.exec(bytes.toString("latin1")) ?? [];
  const installationId = Number(installation);
  const userId = Number(user);
  if (region === "" || installationId > ID_MAX || userId > ID_MAX) return undefined;
  return { installationId, userId, region };
}
