import type { Deps } from "../../deps.ts";
import { openLogin } from "../../domain/login/login.ts";
import type { HttpContext } from "../context.ts";
import { readCookie } from "../cookies.ts";

/** A link that carries more would be cut by some mail program. */
const LENGTH_MAX = 2_000;

/**
 * The login that a reset of the password carries along, to go on with it afterwards; `undefined` when it is none, too
 * long for a mail, or another browser's: who has somebody else's reset mailed could else choose the app that person
 * comes to.
 */
export function carriedLogin(c: HttpContext, deps: Deps, sealed: string | undefined): string | undefined {
  if (sealed === undefined || sealed.length > LENGTH_MAX) return undefined;
  const { state } = openLogin(deps, sealed, readCookie(c, deps.config, "browser"));
  return state === "broken" || state === "foreign" ? undefined : sealed;
}

/** The e-mail that was typed at a carried login, or hinted by its app. */
export function carriedEmail(c: HttpContext, deps: Deps, request: string | undefined): string | undefined {
  const opened = openLogin(deps, request, readCookie(c, deps.config, "browser"));
  return opened.state === "broken" ? undefined : opened.login.request.loginHint;
}

/** Where a carried login goes on. */
export const continueHref = (request: string | undefined): string | undefined =>
  request && `/login/continue?request=${request}`;
