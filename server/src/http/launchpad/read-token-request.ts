import type { TokenRequest } from "../../domain/tokens/exchange-code.ts";
import { readAppCredential } from "../app-credential.ts";
import type { BodyFields } from "../body.ts";
import type { HttpContext } from "../context.ts";

/** The token request, from its spelling on the wire (wire section 4). @throws {OAuthError} `invalid_request` */
export function readTokenRequest(c: HttpContext, body: BodyFields): TokenRequest {
  return {
    credential: readAppCredential(c, body),
    grantType: body.text("grant_type"),
    code: body.text("code"),
    redirectUri: body.text("redirect_uri"),
    codeVerifier: body.text("code_verifier"),
    refreshToken: body.text("refresh_token"),
    scope: body.text("scope"),
    origin: c.req.header("origin"),
  };
}
