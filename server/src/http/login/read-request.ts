import type { Door, SentRequest } from "../../domain/login/authorization-request.ts";
import type { HttpContext } from "../context.ts";
import { readQuery } from "../query.ts";

/** The parameters of wire section 1, by their names on the wire. */
const PARAMETERS = [
  "client_id",
  "redirect_uri",
  "state",
  "code_challenge",
  "code_challenge_method",
  "installation",
  "login_hint",
  "ui_locales",
  "prompt",
  "response_type",
  "scope",
];

/**
 * Step one as it was sent, and the parameter that was sent twice, if any. At the guide's door only those of the table
 * count; RFC 6749 §3.1 forbids to repeat any.
 */
export function readSentRequest(c: HttpContext, door: Door): { sent: SentRequest; repeated: string | undefined } {
  const query = readQuery(c);
  const strict = door === "oauth";
  const sent: SentRequest = {
    door,
    clientId: query.get("client_id"),
    redirectUri: query.get("redirect_uri"),
    state: query.raw("state"),
    responseType: query.get("response_type"),
    codeChallenge: query.get("code_challenge"),
    codeChallengeMethod: query.get("code_challenge_method"),
    installation: query.get("installation"),
    loginHint: query.get("login_hint"),
    prompt: query.get("prompt"),
    scope: query.get("scope"),
    nonce: strict ? query.get("nonce") : undefined,
    maxAge: strict ? query.get("max_age") : undefined,
    unsupported: strict
      ? unsupported(query.has("request"), query.has("request_uri"), query.get("response_mode"))
      : undefined,
  };
  return { sent, repeated: query.repeated.find((name) => strict || PARAMETERS.includes(name)) };
}

function unsupported(request: boolean, requestUri: boolean, mode = "query"): SentRequest["unsupported"] {
  if (request) return "request_not_supported";
  if (requestUri) return "request_uri_not_supported";
  return mode === "query" ? undefined : "response_mode";
}
