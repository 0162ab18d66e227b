import type { ErrorGroup } from "../../domain/timeline/read-timeline.ts";

export interface Remedy {
  cause: string;
  fix: string;
  mend?: { href: string; label: string };
}

/** Of a host that the app has already, or of this very machine: whatever else was sent may be anybody's. */
function isLikelyOwn(sent: string, registered: readonly string[]): boolean {
  const host = URL.parse(sent)?.hostname;
  if (!host) return false;
  return ["localhost", "127.0.0.1", "[::1]", ...registered.map((uri) => URL.parse(uri)?.hostname)].includes(host);
}

const UNKNOWN: Remedy = {
  cause: "A login did not work out",
  fix: "Open one of the logins below to see at which step it ended.",
};

/**
 * What errors mean to the app's developer, and where they can be mended.
 *
 * @param base the app's address in the portal.
 * @param registered its redirect URIs.
 */
export function remedyFor(
  { step, outcome, detail }: Pick<ErrorGroup, "step" | "outcome" | "detail">,
  base: string,
  registered: readonly string[],
): Remedy {
  const credentials = (label: string) => ({ href: `${base}/credentials`, label });
  switch (outcome) {
    case "redirect_uri_not_registered":
      return {
        cause: "This redirect URI is not registered",
        fix: "Redirect URIs are compared byte for byte. Where the one that was sent is yours, register it, or send one that is registered. Anybody can send one that is not yours: those need no answer.",
        mend: isLikelyOwn(detail, registered)
          ? { href: `${base}/credentials?add=${encodeURIComponent(detail)}#redirectUri`, label: "Add it" }
          : credentials("Look at the redirect URIs"),
      };
    case "missing_redirect_uri":
      return {
        cause: "The redirect URI is missing",
        fix: "Send redirect_uri with the login address, one of those that are registered.",
      };
    case "trial_over":
      return {
        cause: "A login of “Try it” was opened again",
        fix: "Each works once, within 15 minutes, in the browser it was begun in. Begin another one there.",
        mend: { href: `${base}/try`, label: "Try it" },
      };
    case "state_too_long":
      return {
        cause: "The state is too long",
        fix: "At most 2,048 bytes. Keep long values in your own session and send a short key to it.",
      };
    case "app_suspended":
      return { cause: "The app is suspended", fix: "Nobody can log in until it is live again." };
    case "wrong_credentials":
      return {
        cause: "A user mistyped their e-mail or password",
        fix: "That is between them and the login page; your app has nothing to mend.",
      };
    case "slow_down":
      return {
        cause: "Too many failed tries",
        fix: "Who failed too often must wait. If it was your server: look at the errors before these, and stop retrying what was refused.",
      };
    case "access_denied":
      return {
        cause: step === "consent" ? "A user did not allow the app" : "The app is not open to this user",
        fix:
          step === "consent"
            ? "Your callback gets error=access_denied: show that nothing happened, and offer to try again."
            : "In development only the test installations can log in; or the user's access has ended.",
      };
    case "invalid_client":
      return {
        cause: "The secret is wrong, missing or expired",
        fix: "Compare its last four characters with those listed, or make a new one.",
        mend: credentials("Look at the secrets"),
      };
    case "invalid_grant":
      return {
        cause: "The code was not accepted",
        fix: "A code works once, within its lifetime, with the redirect URI and the code_verifier of its own login. The event says which it was.",
      };
    case "origin_not_allowed":
      return {
        cause: "The request came from an origin that is not listed",
        fix: "With a list of allowed origins each exchange must carry one of them. List it, or call from your server and empty the list.",
        mend: credentials("Look at the origins"),
      };
    case "invalid_request":
      return {
        cause: "A parameter is missing or malformed",
        fix: "The event says which one. Public apps must send a code_challenge with method S256.",
      };
    case "invalid_scope":
      return {
        cause: "A scope is not the app's",
        fix: "Ask for scopes that the app has, or for none to get them all.",
      };
    case "unsupported_response_type":
      return { cause: "Only response_type=code is supported", fix: "Leave response_type out or send code." };
    case "unsupported_grant_type":
      return { cause: "Only codes can be exchanged", fix: "Leave grant_type out or send authorization_code." };
    case "login_required":
    case "consent_required":
    case "interaction_required":
      return {
        cause: "prompt=none could not be answered silently",
        fix: "That is its purpose: send the user again without prompt=none.",
      };
    case "temporarily_unavailable":
      return { cause: "A region did not answer", fix: "Try again with the same code after the time in Retry-After." };
    default:
      return UNKNOWN;
  }
}
