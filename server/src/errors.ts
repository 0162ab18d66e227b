/** HTTP status of every protocol error this server can answer (RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, OpenID Connect Core §3.1.2.6). */
const STATUS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  invalid_scope: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  unsupported_token_type: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  access_denied: 403,
  request_not_supported: 400,
  request_uri_not_supported: 400,
  login_required: 400,
  consent_required: 400,
  interaction_required: 400,
  origin_not_allowed: 403,
  slow_down: 429,
  temporarily_unavailable: 503,
  server_error: 500,
} as const;

export type OAuthErrorCode = keyof typeof STATUS;

export interface ErrorExtras {
  /** Another status than the table's: 405, 413 and 415 are `invalid_request` too. */
  status?: 405 | 413 | 415;
  /** Goes to the log only: which rule, which row. Never a secret, never personal. */
  detail?: string;
  /** Becomes `Retry-After`, in seconds. */
  retryAfterSeconds?: number;
}

/**
 * A refusal the protocol has a word for. Thrown by domain/, answered by http/errors.ts.
 *
 * `description` goes to the caller: no identifiers of other parties, no stored values.
 * `detail` goes to the log only. Any other exception is a bug and becomes a bare 500.
 */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  readonly code: OAuthErrorCode;
  readonly status: number;
  readonly description: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: OAuthErrorCode, description: string, extras: ErrorExtras = {}) {
    super(`${code}: ${extras.detail ?? description}`);
    this.code = code;
    this.status = extras.status ?? STATUS[code];
    this.description = description;
    this.retryAfterSeconds = extras.retryAfterSeconds;
  }
}
