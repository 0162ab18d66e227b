import { AppLoginError } from "./errors.ts";

/** The errors an API may tell its callers (RFC 6750 §3.1); all others are the API's own business. */
const TOLD: Partial<Record<string, number>> = {
  invalid_token: 401,
  insufficient_scope: 403,
  temporarily_unavailable: 503,
};

/**
 * What your API answers when the guard refuses (RFC 6750 §3). Any other error becomes a bare 500: its text is for your
 * log, not for the caller.
 *
 * @example catch (error) { return toResponse(error); }
 */
export function toResponse(error: unknown): Response {
  const status = error instanceof AppLoginError ? TOLD[error.code] : undefined;
  if (!(error instanceof AppLoginError) || status === undefined) {
    return answer(500, "server_error", "The request could not be checked.", {});
  }
  const { code, description, wwwAuthenticate, retryAfterSeconds } = error;
  const headers: Record<string, string> = {};
  if (status === 401 || status === 403) headers["www-authenticate"] = wwwAuthenticate ?? `Bearer error="${code}"`;
  if (retryAfterSeconds !== undefined) headers["retry-after"] = String(retryAfterSeconds);
  return answer(status, code, description, headers);
}

const answer = (status: number, code: string, description: string, headers: Record<string, string>): Response =>
  new Response(JSON.stringify({ error: code, error_description: description }), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
