/** What the server may answer (RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, OpenID Connect Core §3.1.2.6). */
const PROTOCOL_CODES = [
  "access_denied",
  "consent_required",
  "insufficient_scope",
  "interaction_required",
  "invalid_client",
  "invalid_grant",
  "invalid_request",
  "invalid_scope",
  "invalid_token",
  "login_required",
  "origin_not_allowed",
  "server_error",
  "slow_down",
  "temporarily_unavailable",
  "unauthorized_client",
  "unsupported_grant_type",
  "unsupported_response_type",
  "unsupported_token_type",
] as const;

export type ProtocolErrorCode = (typeof PROTOCOL_CODES)[number];

/**
 * Everything that can go wrong, as one word:
 *
 * - what the server said (`invalid_grant`, `access_denied`, …), and `server_error` for answers that make no sense;
 * - `state_mismatch`, `issuer_mismatch`, `missing_code`: a callback that must not be believed;
 * - `network`, `timeout`: no answer came;
 * - `invalid_options`: the program's own mistake, thrown at once.
 */
export type AppLoginErrorCode =
  | ProtocolErrorCode
  | "state_mismatch"
  | "issuer_mismatch"
  | "missing_code"
  | "network"
  | "timeout"
  | "invalid_options";

export interface AppLoginErrorExtras {
  status?: number | undefined;
  requestId?: string | undefined;
  retryAfterSeconds?: number | undefined;
  wwwAuthenticate?: string | undefined;
  /** By default `slow_down` and `temporarily_unavailable` are retryable and nothing else is. */
  retryable?: boolean | undefined;
  cause?: unknown;
}

/** The one error of this package. Holds no secret, code or token, so it may be logged whole. */
export class AppLoginError extends Error {
  override readonly name = "AppLoginError";
  readonly code: AppLoginErrorCode;
  /** A sentence for the developer. */
  readonly description: string;
  /** From a client: the HTTP status of the server's answer. From a guard: the status that your API should answer. */
  readonly status: number | undefined;
  /** Names the request in the server's log. */
  readonly requestId: string | undefined;
  /** How long the server asks to be left alone. */
  readonly retryAfterSeconds: number | undefined;
  /** From a guard: the value of the `WWW-Authenticate` header that your API should send (RFC 6750 §3). */
  readonly wwwAuthenticate: string | undefined;
  /** Whether the same call may be made again: it can do no harm, and may succeed. */
  readonly retryable: boolean;

  constructor(code: AppLoginErrorCode, description: string, extras: AppLoginErrorExtras = {}) {
    super(`${code}: ${description}`, "cause" in extras ? { cause: extras.cause } : {});
    this.code = code;
    this.description = description;
    this.status = extras.status;
    this.requestId = extras.requestId;
    this.retryAfterSeconds = extras.retryAfterSeconds;
    this.wwwAuthenticate = extras.wwwAuthenticate;
    this.retryable = extras.retryable ?? (code === "slow_down" || code === "temporarily_unavailable");
  }
}

/** The code a server named, or `undefined` when it is none of the protocol's. */
export const protocolCode = (text: unknown): ProtocolErrorCode | undefined =>
  PROTOCOL_CODES.find((code) => code === text);

const DESCRIPTION_LENGTH_MAX = 500;

/** A stranger's sentence made fit for a log: one line, of bounded length, or `fallback` when there is none. */
export function readDescription(text: unknown, fallback: string): string {
  if (typeof text !== "string" || text.trim() === "") return fallback;
  return text.slice(0, DESCRIPTION_LENGTH_MAX).replace(/\p{Cc}/gu, " ");
}
