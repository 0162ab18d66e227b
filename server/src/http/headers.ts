/** What no page of ours may do but these: load its own script, style and images. */
const STRICT =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The Content-Security-Policy of every page that names none itself. */
export const PAGE_CSP = `${STRICT}; form-action 'self'`;

/** For pages whose POST can end at an app: Chromium checks `form-action` along the app's own later redirects too. */
export const LOGIN_CSP = STRICT;

/**
 * Fills in what an answer has not said itself, so that no route can forget it. No Cross-Origin-Opener-Policy:
 * it would cut the login popup off from the app that opened it.
 */
export function completeHeaders(headers: Headers, requestId: string, https: boolean): void {
  headers.set("x-request-id", requestId);
  headers.set("x-content-type-options", "nosniff");
  // Nearly everything here is somebody's, or true for the moment only.
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  if (https) headers.set("strict-transport-security", "max-age=31536000");
  if (!headers.get("content-type")?.startsWith("text/html")) return;
  if (!headers.has("content-security-policy")) headers.set("content-security-policy", PAGE_CSP);
  // Not `no-referrer`: browsers would send `Origin: null` with the page's own form.
  if (!headers.has("referrer-policy")) headers.set("referrer-policy", "same-origin");
}
