import type { Deps } from "../deps.ts";
import type { App } from "../domain/apps/registry.ts";
import type { HttpContext } from "./context.ts";
import { headerOf } from "./headers.ts";

/**
 * CORS for the endpoints that apps call from browsers (wire section 4). An origin is answered only where an app lists it;
 * never `*`, never with credentials: nothing here goes by cookies.
 */
export function answerPreflight(c: HttpContext, deps: Deps, methods: string): Response {
  const origin = headerOf(c, "origin");
  const headers: Record<string, string> = {
    vary: "Origin",
    "access-control-allow-methods": methods,
    "access-control-allow-headers": "authorization, content-type",
    "access-control-max-age": "600",
  };
  if (origin !== undefined && deps.apps.listsOrigin(origin)) headers["access-control-allow-origin"] = origin;
  return c.body(null, 204, headers);
}

/** Lets the origin's scripts read the answer, also a refusal, when the app of the request lists it. */
export function allowOrigin(c: HttpContext, app: App | undefined): void {
  const headers = c.get("usualHeaders"); // by `c.header` it would cost a `Headers` object
  headers.vary = "Origin";
  const origin = headerOf(c, "origin");
  if (origin !== undefined && app?.allowedOrigins.includes(origin)) headers["access-control-allow-origin"] = origin;
}
