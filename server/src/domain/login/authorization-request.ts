import type { Deps } from "../../deps.ts";
import { OAuthError } from "../../errors.ts";
import type { App } from "../../store/directory/apps.ts";
import { matchesRegistered } from "../apps/redirect-uri.ts";
import { isChallenge } from "../tokens/pkce.ts";
import { grantedScopes, readScopes, unknownScopes } from "../tokens/scopes.ts";
import { trialRedirectUri } from "../trials/trial-login.ts";

/** The two doors to the same login: the guide's, lenient where real clients need it, and RFC 6749's, to the letter. */
export type Door = "launchpad" | "oauth";

/** The parameters of step one as the app sent them (wire section 1); what is absent is `undefined`. */
export interface SentRequest {
  door: Door;
  clientId: string | undefined;
  redirectUri: string | undefined;
  /** Byte for byte as it stands in the query. */
  state: string | undefined;
  responseType: string | undefined;
  codeChallenge: string | undefined;
  codeChallengeMethod: string | undefined;
  installation: string | undefined;
  loginHint: string | undefined;
  prompt: string | undefined;
  scope: string | undefined;
  nonce: string | undefined;
  maxAge: string | undefined;
  /** Parameters that this server does not support and may not ignore (OpenID Connect Core §3.1.2.6, §6). */
  unsupported: "request_not_supported" | "request_uri_not_supported" | "response_mode" | undefined;
}

/** Step one, checked: what the rest of the login goes by. */
export interface AuthorizationRequest {
  door: Door;
  clientId: string;
  redirectUri: string;
  state?: string;
  challenge?: string;
  /** `REGION-ID` or an id: skips the chooser when the user belongs to it. */
  installation?: string;
  loginHint?: string;
  prompt: readonly Prompt[];
  /** What will be granted. */
  scopes: readonly string[];
  nonce?: string;
  maxAgeSeconds?: number;
  /** Its developer tries the app: the login ends at the portal. */
  trialId?: string;
}

const PROMPTS = ["none", "login", "consent", "select_account"] as const;
export type Prompt = (typeof PROMPTS)[number];

/** Why a request ends at a page of ours. Nothing has proven that its address belongs to the app, so nothing is sent there. */
export type Refusal =
  | { why: "missing_client_id" | "missing_redirect_uri" | "trial_over" }
  | { why: "unknown_client"; clientId: string }
  | { why: "suspended"; appName: string }
  | { why: "redirect_uri"; received: string; registered: readonly string[] }
  | { why: "state_too_long"; bytes: number };

export type Checked =
  | { outcome: "refused"; refusal: Refusal }
  /** The app is told, at its proven address. */
  | { outcome: "returned"; app: App; redirectUri: string; state: string | undefined; error: OAuthError }
  | { outcome: "accepted"; app: App; request: AuthorizationRequest };

const STATE_BYTES_MAX = 2_048;
const NONCE_BYTES_MAX = 1_024;
/** `EU-12` or `12`; a hint that is malformed is none. */
const INSTALLATION = /^(?:[A-Z][A-Z0-9]{1,15}-)?[1-9]\d{0,9}$/;

/**
 * The app, if it may log anybody in and send them to that address; else why not.
 *
 * @param trialId of a login that the portal lets begin. The portal's address is open to no other, also if an app has
 *   registered it.
 */
export function usableApp(deps: Deps, clientId: string, redirectUri: string, trialId?: string): App | Refusal {
  const app = deps.apps.find(clientId);
  if (!app) return { why: "unknown_client", clientId };
  if (app.status === "suspended") return { why: "suspended", appName: app.name };
  if (redirectUri === trialRedirectUri(deps)) return trialId === undefined ? { why: "trial_over" } : app;
  if (!matchesRegistered(app.redirectUris, redirectUri))
    return { why: "redirect_uri", received: redirectUri, registered: app.redirectUris };
  return app;
}

/** Step one of the guide: which app asks, and where its user will be sent back to, before anything else. */
export function checkRequest(deps: Deps, sent: SentRequest, trialId?: string): Checked {
  const refused = (refusal: Refusal): Checked => ({ outcome: "refused", refusal });
  const clientId = (sent.door === "oauth" ? sent.clientId : sent.clientId?.trim()) ?? "";
  if (clientId === "") return refused({ why: "missing_client_id" });
  const { redirectUri, state } = sent;
  const app = usableApp(deps, clientId, redirectUri ?? "", trialId);
  if ("why" in app) return refused(app.why === "redirect_uri" && !redirectUri ? { why: "missing_redirect_uri" } : app);
  if (redirectUri === undefined) return refused({ why: "missing_redirect_uri" });
  const bytes = Buffer.byteLength(state ?? "");
  if (bytes > STATE_BYTES_MAX) return refused({ why: "state_too_long", bytes });
  try {
    return {
      outcome: "accepted",
      app,
      request: { ...requestOf(app, redirectUri, sent), ...(trialId !== undefined && { trialId }) },
    };
  } catch (error) {
    if (error instanceof OAuthError) return { outcome: "returned", app, redirectUri, state, error };
    throw error;
  }
}

/** @throws {OAuthError} what the app is told by redirect. */
function requestOf(app: App, redirectUri: string, sent: SentRequest): AuthorizationRequest {
  requireResponseType(sent);
  const challenge = challengeOf(app, sent);
  const asked = readScopes(sent.scope, sent.door === "oauth" ? / +/ : /[ ,]+/);
  if (sent.door === "oauth" && unknownScopes(app, asked).length > 0)
    throw new OAuthError("invalid_scope", "The app may not ask for one of these scopes.");
  const prompt = PROMPTS.filter((known) => (sent.prompt ?? "").split(/ +/).includes(known));
  if (prompt.includes("none") && prompt.length > 1)
    throw new OAuthError("invalid_request", "prompt=none stands alone."); // OpenID Connect Core §3.1.2.1
  const { state, installation, loginHint, nonce } = sent;
  const maxAgeSeconds = maxAgeOf(sent);
  return {
    door: sent.door,
    clientId: app.clientId,
    redirectUri,
    prompt,
    scopes: grantedScopes(app, asked),
    ...(state !== undefined && { state }),
    ...(challenge !== undefined && { challenge }),
    ...(installation !== undefined && INSTALLATION.test(installation) && { installation }),
    ...(loginHint !== undefined && { loginHint: loginHint.slice(0, 254) }),
    ...(nonce !== undefined && { nonce: requireNonce(nonce) }),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
  };
}

function requireResponseType({ door, responseType, unsupported }: SentRequest): void {
  if (unsupported === "response_mode")
    throw new OAuthError("invalid_request", "Only response_mode=query is supported.");
  if (unsupported !== undefined) throw new OAuthError(unsupported, "Send the parameters themselves, in the address.");
  if (responseType === "code") return;
  if (responseType === undefined || responseType === "") {
    if (door === "launchpad") return;
    throw new OAuthError("invalid_request", "The response_type is missing."); // RFC 6749 §4.1.1
  }
  throw new OAuthError("unsupported_response_type", "Only response_type=code is supported.");
}

/** RFC 7636 §4.3. `plain` protects nothing that TLS does not, so only S256 is there. */
function challengeOf(app: App, { codeChallenge, codeChallengeMethod }: SentRequest): string | undefined {
  if (codeChallenge === undefined) {
    if (codeChallengeMethod !== undefined)
      throw new OAuthError("invalid_request", "A code_challenge_method was sent without a code_challenge.");
    if (app.kind === "public")
      throw new OAuthError("invalid_request", "A public app must send a code_challenge (S256).");
    return undefined;
  }
  if (codeChallengeMethod !== "S256")
    throw new OAuthError("invalid_request", "Only code_challenge_method=S256 is supported, and it must be given.");
  if (!isChallenge(codeChallenge))
    throw new OAuthError("invalid_request", "The code_challenge must be 43 base64url characters.");
  return codeChallenge;
}

/** It is stored with the code and rides along in addresses of ours, so it cannot be as long as it likes. */
function requireNonce(nonce: string): string {
  if (Buffer.byteLength(nonce) <= NONCE_BYTES_MAX) return nonce;
  throw new OAuthError("invalid_request", "The nonce is longer than 1,024 bytes.");
}

function maxAgeOf({ maxAge }: SentRequest): number | undefined {
  if (maxAge === undefined) return undefined;
  if (!/^\d{1,9}$/.test(maxAge)) throw new OAuthError("invalid_request", "max_age must be a number of seconds.");
  return Number(maxAge);
}
