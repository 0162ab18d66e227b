import type { Deps } from "../deps.ts";
import { OAuthError } from "../errors.ts";
import { newSecret, sameText } from "../secrets.ts";
import type { BodyFields } from "./body.ts";
import { requestHost } from "./client-address.ts";
import type { HttpContext } from "./context.ts";
import { readCookie, setCookie } from "./cookies.ts";
import { headerOf } from "./headers.ts";

/** The hidden field of every form that changes something. */
export const FORM_TOKEN_FIELD = "form_token";

/** A browser keeps its id as long as browsers allow (400 days). */
const BROWSER_ID_LIFETIME_SECONDS = 400 * 24 * 60 * 60;

/**
 * Refuses a form that another site sent (login CSRF, RFC 9700 §4.7): `Origin` and `Sec-Fetch-Site`, where the browser
 * sends them, must say that the page was ours.
 *
 * Ours is `LATCHKEY_URL` and the host this request was sent to, because the login page also answers under the hosts
 * of installations. No page can make a browser send one host's name in `Host` and the same in a foreign `Origin`.
 * @throws {OAuthError} `origin_not_allowed`, 403
 */
export function requireSameOrigin(c: HttpContext, deps: Pick<Deps, "config">): void {
  const site = headerOf(c, "sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none") throw foreign(`Sec-Fetch-Site is ${site}`);
  const origin = headerOf(c, "origin");
  if (origin === undefined) return; // no browser, or an old one: the form's token must do
  const scheme = deps.config.url.startsWith("https:") ? "https" : "http";
  if (origin === new URL(deps.config.url).origin) return;
  if (origin === `${scheme}://${requestHost(c, deps.config)}`) return;
  throw foreign(origin === "null" ? "Origin is null" : "Origin is another site's");
}

const foreign = (detail: string) =>
  new OAuthError("origin_not_allowed", "This form was not sent from this site.", { detail });

/** This browser's random id; a cookie keeps it. Names nobody: it only ties forms to the browser they were shown in. */
export function browserId(c: HttpContext, deps: Pick<Deps, "config">): string {
  const known = readCookie(c, deps.config, "browser");
  if (known !== undefined) return known;
  const fresh = newSecret();
  setCookie(c, deps.config, "browser", fresh, { maxAgeSeconds: BROWSER_ID_LIFETIME_SECONDS });
  return fresh;
}

/** What a form's hidden field `form_token` must hold. Sets the browser's cookie when it has none. */
export const formToken = (c: HttpContext, deps: Pick<Deps, "config" | "keys">): string =>
  deps.keys.hmac("form", browserId(c, deps));

/**
 * Refuses a form that was not shown in this very browser.
 *
 * @throws {OAuthError} `origin_not_allowed`, 403: no cookie, no token, or one of another browser.
 */
export function requireFormToken(c: HttpContext, deps: Pick<Deps, "config" | "keys">, form: BodyFields): void {
  const known = readCookie(c, deps.config, "browser");
  const sent = form.text(FORM_TOKEN_FIELD);
  if (known !== undefined && sent !== undefined && sameText(sent, deps.keys.hmac("form", known))) return;
  throw foreign(known === undefined ? "no browser cookie" : "wrong form token");
}
