import type { HttpContext } from "./context.ts";

/**
 * A header of the request; of several of one name the values together, after `, ` (RFC 9110 §5.3). Out of node:http's own
 * table where there is one: by `c.req.header` the five that a check needs cost a twentieth of it.
 */
export function headerOf(c: HttpContext, name: string): string | undefined {
  const headers = c.env?.incoming?.headers;
  if (!headers) return c.req.header(name);
  const value = headers[name];
  return typeof value === "string" ? value : undefined; // `set-cookie`, of which there is a list, is no request's
}

/** What no page of ours may do but these: load its own script, style and images. */
const STRICT =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The Content-Security-Policy of every page that names none itself. */
export const PAGE_CSP = `${STRICT}; form-action 'self'`;

/** For pages whose POST can end at an app: Chromium checks `form-action` along the app's own later redirects too. */
export const LOGIN_CSP = STRICT;

/** Headers of every answer, unless it says otherwise itself. */
export function usualHeaders(https: boolean): Readonly<Record<string, string>> {
  return {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store", // nearly everything here is somebody's, or true for the moment only
    ...(https && { "strict-transport-security": "max-age=31536000" }),
  };
}

/**
 * Headers of every page, unless it says otherwise itself. No Cross-Origin-Opener-Policy: it would cut the login popup
 * off from the app that opened it.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": PAGE_CSP,
  "referrer-policy": "same-origin", // not `no-referrer`: browsers would send `Origin: null` with the page's own form
};
