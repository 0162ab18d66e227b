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
  /** A parameter sent without a value is one that was not sent (RFC 6749 §3.1); an empty state alone goes back empty. */
  const value = (name: string) => query.get(name) || undefined;
  const sent: SentRequest = {
    door,
    clientId: value("client_id"),
    redirectUri: value("redirect_uri"),
    state: query.raw("state"),
    responseType: value("response_type"),
    codeChallenge: value("code_challenge"),
    codeChallengeMethod: value("code_challenge_method"),
    installation: value("installation"),
    loginHint: value("login_hint"),
    prompt: value("prompt"),
    scope: value("scope"),
    nonce: strict ? value("nonce") : undefined,
    maxAge: strict ? value("max_age") : undefined,
    unsupported: strict ? unsupported(value("request"), value("request_uri"), value("response_mode")) : undefined,
  };
  return { sent, repeated: query.repeated.find((name) => strict || PARAMETERS.includes(name)) };
}

function unsupported(request?: string, requestUri?: string, mode = "query"): SentRequest["unsupported"] {
  if (request !== undefined) return "request_not_supported";
  if (requestUri !== undefined) return "request_uri_not_supported";
  return mode === "query" ? undefined : "response_mode";
}
