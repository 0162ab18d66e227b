/** 256 random bits as 43 URL-safe characters: fit for `state` and as a PKCE verifier (RFC 7636 §4.1). */
export const newSecret = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** The S256 challenge of a PKCE verifier (RFC 7636 §4.2). */
export async function challengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** Compares two texts in a time that tells only whether their lengths are equal. */
export function sameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** What a bearer token may be made of (`b64token`, RFC 6750 §2.1). Anything else could not travel in a header. */
const BEARER_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
const BEARER_TOKEN_LENGTH_MAX = 2048;

export const isBearerToken = (text: unknown): text is string =>
  typeof text === "string" && text.length <= BEARER_TOKEN_LENGTH_MAX && BEARER_TOKEN.test(text);
