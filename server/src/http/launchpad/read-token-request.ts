import type { TokenRequest } from "../../domain/tokens/exchange-code.ts";
import { OAuthError } from "../../errors.ts";
import { readAppCredential } from "../app-credential.ts";
import type { BodyFields } from "../body.ts";
import type { HttpContext } from "../context.ts";
import { headerOf } from "../headers.ts";

/**
 * The token request, from its spelling on the wire (wire section 4).
 *
 * @param strict  RFC 6749 to the letter: §3.2 forbids to send anything twice, §2.3 to authenticate twice.
 * @throws {OAuthError} `invalid_request`
 */
export function readTokenRequest(c: HttpContext, body: BodyFields, strict: boolean): TokenRequest {
  const twice = strict ? body.repeated() : undefined;
  if (twice !== undefined) throw new OAuthError("invalid_request", `${twice} was sent more than once.`);
  /** A parameter sent without a value is one that was not sent (RFC 6749 §3.2). */
  const value = (name: string) => body.text(name) || undefined;
  return {
    credential: readAppCredential(c, body, strict),
    grantType: value("grant_type"),
    code: value("code"),
    redirectUri: value("redirect_uri"),
    codeVerifier: value("code_verifier"),
    refreshToken: value("refresh_token"),
    scope: () => value("scope"),
    origin: headerOf(c, "origin"),
    strict,
  };
}
