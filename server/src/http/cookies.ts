import type { Config } from "../config.ts";
import type { HttpContext } from "./context.ts";
import { headerOf } from "./headers.ts";

/** The cookies of the login host. */
export type CookieName = "session" | "browser" | "portal" | "place" | "once";

/**
 * `__Host-` makes browsers refuse the cookie unless it is Secure, for this host alone and for all paths,
 * so that no sister host can plant one. On plain http (a developer's own machine) they would refuse it always.
 */
const cookieName = (config: Config, name: CookieName) =>
  config.url.startsWith("https:") ? `__Host-latchkey-${name}` : `latchkey-${name}`;

/** What our own cookies hold: no quotes, no blanks, nothing that a parser could trip over. */
const VALUE = /^[\w.~-]{1,512}$/;

/** The cookie's value, or `undefined` when there is none or what came cannot be one of ours. Of several the first counts. */
export function readCookie(c: HttpContext, config: Config, name: CookieName): string | undefined {
  const header = headerOf(c, "cookie");
  if (header === undefined) return undefined;
  const wanted = `${cookieName(config, name)}=`;
  for (const part of header.split(";")) {
    const pair = part.trim();
    if (!pair.startsWith(wanted)) continue;
    const value = pair.slice(wanted.length);
    return VALUE.test(value) ? value : undefined;
  }
  return undefined;
}

/** Sets a cookie; without `maxAgeSeconds` it ends with the browser. Scripts never see it. */
export function setCookie(
  c: HttpContext,
  config: Config,
  name: CookieName,
  value: string,
  options: { maxAgeSeconds?: number } = {},
): void {
  const lifetime = options.maxAgeSeconds === undefined ? "" : `; Max-Age=${options.maxAgeSeconds}`;
  const secure = config.url.startsWith("https:") ? "; Secure" : "";
  const cookie = `${cookieName(config, name)}=${value}; Path=/${lifetime}; HttpOnly; SameSite=Lax${secure}`;
  c.header("set-cookie", cookie, { append: true });
}

export const clearCookie = (c: HttpContext, config: Config, name: CookieName): void =>
  setCookie(c, config, name, "", { maxAgeSeconds: 0 });
