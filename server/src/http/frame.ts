import { randomUUID } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { Deps } from "../deps.ts";
import { OAuthError } from "../errors.ts";
import { clientAddress, isTrustedPeer } from "./client-address.ts";
import type { HttpContext, HttpEnv } from "./context.ts";
import type { ErrorAnswers } from "./errors.ts";
import { PAGE_HEADERS, usualHeaders } from "./headers.ts";
import { requestTarget } from "./query.ts";
import { readerOf } from "./readers.ts";
import { isCleanText } from "./text.ts";

/**
 * What every request gets, in one step: an id, the client's address, a check of its own address, the headers
 * its answer need not say, and one line in the log.
 */
export function frame(
  deps: Pick<Deps, "config" | "log" | "metrics">,
  errors: ErrorAnswers,
): MiddlewareHandler<HttpEnv> {
  const usual = usualHeaders(deps.config.url.startsWith("https:"));
  return async (c, next) => {
    const startedAt = performance.now();
    const requestId = givenId(c, deps) ?? randomUUID();
    c.set("requestId", requestId);
    c.set("address", clientAddress(c, deps.config));
    const headers: Record<string, string> = {
      ...usual,
      "x-request-id": requestId,
      ...(readerOf(c.req.path) === "people" && PAGE_HEADERS),
    };
    const outgoing = c.env?.outgoing;
    if (outgoing) outgoing.usualHeaders = headers;
    if (isReadable(requestTarget(c))) await next();
    else c.res = errors.answer(unreadable(), c);
    if (!outgoing) fillIn(c.res.headers, headers);
    report(c, deps, requestId, (performance.now() - startedAt) / 1000);
  };
}

/**
 * Without a port there is only the answer to put headers into. With one they are laid under the answer's own before
 * it comes: a `Headers` object, for which a plain answer has no need, would cost as much as all the rest here.
 */
function fillIn(headers: Headers, usual: Readonly<Record<string, string>>): void {
  for (const name in usual) if (!headers.has(name)) headers.set(name, usual[name] ?? "");
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

/** One line of the log, one count. */
function report(c: HttpContext, deps: Pick<Deps, "log" | "metrics">, requestId: string, seconds: number): void {
  const { method } = c.req;
  const { status } = c.res;
  const route = matchedRoutes(c).findLast((one) => one.method !== "ALL")?.path ?? "none";
  const refusal = c.error instanceof OAuthError ? c.error : undefined;
  deps.metrics.answered({ method, route, status, error: refusal?.code, seconds });
  deps.log.request({
    requestId,
    method,
    route,
    status,
    ms: Math.round(seconds * 10_000) / 10,
    error: refusal?.message,
  });
}
