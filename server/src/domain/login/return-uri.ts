import type { OAuthError } from "../../errors.ts";

/** What goes back to the app (RFC 6749 §4.1.2 and §4.1.2.1). */
export type Answer = { code: string } | { error: OAuthError["code"]; description: string };

export interface ReturnTo {
  redirectUri: string;
  /** Byte for byte as it came; `""` came empty and goes back empty. */
  state: string | undefined;
  clientId: string;
  issuer: string;
}

/**
 * The redirect URI with the answer appended as text: the app's own query stays as it is, and nothing is parsed and
 * written anew that the app may compare. `iss` tells an app of many issuers whom the answer came from (RFC 9207).
 */
export function returnUri({ redirectUri, state, clientId, issuer }: ReturnTo, answer: Answer): string {
  const parameters = [
    ...("code" in answer
      ? [`code=${encodeURIComponent(answer.code)}`]
      : [`error=${answer.error}`, `error_description=${encodeURIComponent(answer.description)}`]),
    ...(state === undefined ? [] : [`state=${state}`]),
    `client_id=${encodeURIComponent(clientId)}`,
    `iss=${encodeURIComponent(issuer)}`,
  ].join("&");
  if (!redirectUri.includes("?")) return `${redirectUri}?${parameters}`;
  return /[?&]$/.test(redirectUri) ? redirectUri + parameters : `${redirectUri}&${parameters}`;
}
