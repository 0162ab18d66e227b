import type { Deps } from "../../deps.ts";
import type { HttpContext } from "../context.ts";
import { clearCookie, readCookie, setCookie } from "../cookies.ts";

const SECONDS = 60;

interface Once {
  of: string;
  secret: string;
  until: number;
}

/**
 * Hands a fresh secret to the page after the redirect, so that loading that page again makes no second one: sealed in a
 * cookie, never in an address.
 *
 * @param of whose secret it is; no other page gets it.
 */
export function keepOnce(c: HttpContext, deps: Deps, of: string, secret: string): void {
  const kept: Once = { of, secret, until: deps.now() + SECONDS };
  setCookie(c, deps.config, "once", deps.keys.seal("portal", kept, "once"), { maxAgeSeconds: SECONDS });
}

/** The secret, for the one page that shows it. */
export function takeOnce(c: HttpContext, deps: Deps, of: string): string | undefined {
  const sealed = readCookie(c, deps.config, "once");
  if (sealed === undefined) return undefined;
  clearCookie(c, deps.config, "once");
  const kept = deps.keys.open("portal", sealed, "once") as Once | undefined;
  return kept?.of === of && deps.now() < kept.until ? kept.secret : undefined;
}
