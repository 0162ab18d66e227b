import type { Deps } from "../../deps.ts";
import type { HttpContext } from "../context.ts";
import { readCookie, setCookie } from "../cookies.ts";

/** As long as browsers keep a cookie (400 days). */
const LIFETIME_SECONDS = 400 * 24 * 60 * 60;

/** Which installation was chosen last in this browser: `REGION-ID`, to be marked in the chooser and worth nothing else. */
export function rememberPlace(c: HttpContext, deps: Deps, place: string): void {
  if (/^[A-Z][A-Z0-9]{1,15}-[1-9]\d{0,9}$/.test(place))
    setCookie(c, deps.config, "place", place, { maxAgeSeconds: LIFETIME_SECONDS });
}

export const lastPlace = (c: HttpContext, deps: Deps): string | undefined => readCookie(c, deps.config, "place");
