import { randomUUID } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { Deps } from "../deps.ts";
import { OAuthError } from "../errors.ts";
import { clientAddress, isTrustedPeer } from "./client-address.ts";
import type { HttpContext, HttpEnv } from "./context.ts";
import type { ErrorAnswers } from "./errors.ts";
import { completeHeaders } from "./headers.ts";
import { requestTarget } from "./query.ts";
import { isCleanText } from "./text.ts";

/**
 * What every request gets, in one step: an id, the client's address, a log that names the id, a check of its own
 * address, the headers its answer forgot, and one line in the log.
 */
export function frame(deps: Pick<Deps, "config" | "log">, errors: ErrorAnswers): MiddlewareHandler<HttpEnv> {
  const https = deps.config.url.startsWith("https:");
  return async (c, next) => {
    const startedAt = performance.now();
    const requestId = givenId(c, deps) ?? randomUUID();
    const log = deps.log.child({ requestId });
    c.set("requestId", requestId);
    c.set("log", log);
    c.set("address", clientAddress(c, deps.config));
    if (isReadable(requestTarget(c))) await next();
    else c.res = errors.answer(unreadable(), c);
    completeHeaders(c.res.headers, requestId, https);
    log.info(summary(c, startedAt), "request");
  };
}

/** The id that a proxy of ours gave the request, so that both logs tell of the same one. */
function givenId(c: HttpContext, deps: Pick<Deps, "config">): string | undefined {
  const id = c.req.header("x-request-id");
  return id !== undefined && /^[\w.-]{8,64}$/.test(id) && isTrustedPeer(c, deps.config) ? id : undefined;
}

const unreadable = () =>
  new OAuthError("invalid_request", "The address holds broken percent-encoding or control characters.");

/** Checked here for the whole address, so that no route's own path or query can forget it. */
function isReadable(target: string): boolean {
  if (!target.includes("%")) return isCleanText(target);
  try {
    return isCleanText(decodeURIComponent(target));
  } catch {
    return false;
  }
}

/** The line of the log. The route's pattern, not the path: paths and queries hold codes, links and e-mails. */
function summary(c: HttpContext, startedAt: number) {
  const error = c.error;
  return {
    method: c.req.method,
    route: matchedRoutes(c).findLast((route) => route.method !== "ALL")?.path ?? "none",
    status: c.res.status,
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
    ...(error instanceof OAuthError && { error: error.message }),
  };
}
