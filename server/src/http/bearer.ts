import type { Deps } from "../deps.ts";
import { type CheckedToken, checkToken } from "../domain/tokens/check-token.ts";
import type { HttpContext } from "./context.ts";
import { headerOf } from "./headers.ts";

/** The token of an `Authorization: Bearer` header (RFC 6750 §2.1); header only, because addresses end up in logs. */
const BEARER = /^bearer +([A-Za-z0-9._~+/=-]+) *$/i;

/** A bearer's token, or the 401 to answer with (RFC 6750 §3). Never another status, however the header is broken. */
export async function readBearer(c: HttpContext, deps: Deps): Promise<CheckedToken | Response> {
  const header = headerOf(c, "authorization");
  if (header === undefined || !/^bearer(?: |$)/i.test(header)) return unauthorized(c, undefined);
  const token = BEARER.exec(header)?.[1];
  const found = token === undefined ? undefined : await checkToken(deps, token, c.get("requestId"));
  return found ?? unauthorized(c, "invalid_token");
}

function unauthorized(c: HttpContext, error: "invalid_token" | undefined): Response {
  const description = error ? "The token is not active." : "Send a token: Authorization: Bearer …";
  // RFC 6750 §3.1: a request without a token is told only that one is needed.
  c.header(
    "www-authenticate",
    error ? `Bearer realm="Latchkey", error="${error}", error_description="${description}"` : 'Bearer realm="Latchkey"',
  );
  const body = { error: "invalid_token", error_description: description, message: description, status: "error" };
  return c.json(body, 401);
}
