import { AppLoginError, protocolCode, readDescription } from "./errors.ts";
import { sameText } from "./secrets.ts";

/** A callback that was checked: what it takes to exchange its code. */
export interface Callback {
  code: string;
  state: string;
  /** Copied from what was expected, so that `exchangeCode(callback)` needs nothing more. */
  codeVerifier?: string;
}

/** What the session of this browser remembers of the login it started. */
export interface ExpectedCallback {
  state: string;
  codeVerifier?: string;
}

/**
 * Reads the address that the browser came back to, whole or only its path and query. `expected` is `undefined` when the
 * session remembers no login; that matches nothing.
 *
 * `state` comes first: without it, anyone could have made this address, its error too (RFC 6749 §10.12). Then `iss`,
 * so that an answer of another login server is never exchanged at this one (RFC 9207 §2.4).
 *
 * @throws {AppLoginError} `state_mismatch`, `issuer_mismatch`, `missing_code`, `invalid_request` for an address that
 *   is no callback, or the error that the server sent: `access_denied` when the user said no.
 */
export function readCallback(
  url: string | URL,
  expected: ExpectedCallback | undefined,
  app: { issuer: string; redirectUri: string },
): Callback {
  const query = queryOf(url, app.redirectUri);
  const state = query.get("state");
  // An empty session must not match an empty callback.
  if (!expected?.state || !state || !sameText(state, expected.state)) {
    throw new AppLoginError(
      "state_mismatch",
      "This callback belongs to no login that this browser started; start again.",
    );
  }
  if (query.get("iss") !== app.issuer) {
    throw new AppLoginError("issuer_mismatch", "This callback does not come from the login server at issuer.");
  }
  const error = query.get("error");
  if (error !== null) {
    const description = readDescription(query.get("error_description"), "The login server refused.");
    throw new AppLoginError(protocolCode(error) ?? "server_error", description);
  }
  const code = query.get("code");
  if (!code) throw new AppLoginError("missing_code", "The callback carries neither a code nor an error.");
  return {
    code,
    state,
    ...(expected.codeVerifier !== undefined && { codeVerifier: expected.codeVerifier }),
  };
}

function queryOf(url: string | URL, redirectUri: string): URLSearchParams {
  if (!URL.canParse(url, redirectUri)) throw new AppLoginError("invalid_request", "The callback is not an address.");
  const query = new URL(url, redirectUri).searchParams;
  for (const name of ["state", "iss", "error", "code"]) {
    if (query.getAll(name).length > 1) {
      throw new AppLoginError("invalid_request", `The callback carries ${name} more than once.`);
    }
  }
  return query;
}
