import { randomUUID } from "node:crypto";
import { Hono, type Next } from "hono";
import { matchedRoutes } from "hono/route";
import type { Deps } from "../deps.ts";
import { OAuthError } from "../errors.ts";
import { clientAddress, isTrustedPeer } from "./client-address.ts";
import type { HttpContext, HttpEnv } from "./context.ts";
import { errorAnswers, type RefusalOf } from "./errors.ts";
import { headerOf, PAGE_HEADERS, usualHeaders } from "./headers.ts";
import { requestTarget } from "./query.ts";
import { readerOf } from "./readers.ts";
import { isCleanText } from "./text.ts";

type Handler<Answer> = (c: HttpContext, next: Next) => Answer | Promise<Answer>;
/** Middleware may return nothing. */
type AnyHandler = Handler<Response | undefined>;

/**
 * An app of these routes, in which every request gets the same: an id, its client's address, a check of its own address,
 * the headers that its answer need not say, an answer to what is thrown, one line in the log. All that stands around
 * the handler and not before it as middleware would: where a request meets one handler, Hono goes a shorter way.
 */
export function framed(
  routes: Hono<HttpEnv>,
  deps: Pick<Deps, "config" | "log" | "metrics">,
  refusalOf: RefusalOf,
): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  const errors = errorAnswers(app, deps.log, refusalOf);
  const usual = usualHeaders(deps.config.url.startsWith("https:"));

  const around =
    <Answer extends Response | undefined>(handler: Handler<Answer>, pattern?: string) =>
    async (c: HttpContext, next: Next) => {
      if (c.get("requestId") !== undefined) return handler(c, next); // it stands in a frame already
      const startedAt = performance.now();
      const requestId = givenId(c, deps) ?? randomUUID();
      const headers: Record<string, string> = {
        ...usual,
        "x-request-id": requestId,
        ...(readerOf(c.req.path) === "people" && PAGE_HEADERS),
      };
      c.set("requestId", requestId);
      c.set("address", clientAddress(c, deps.config));
      c.set("usualHeaders", headers);
      const outgoing = c.env?.outgoing;
      if (outgoing) outgoing.usualHeaders = headers;
      let answer: Response;
      try {
        if (!isReadable(requestTarget(c))) throw unreadable();
        const returned = await handler(c, next);
        answer = returned && !c.finalized ? returned : c.res; // as Hono reads it: what middleware got from `next()` is no answer
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        c.error = error;
        answer = errors.answer(error, c);
      }
      if (!outgoing) fillIn(answer.headers, headers);
      const route = pattern ?? matchedRoutes(c).findLast((one) => one.method !== "ALL")?.path ?? "none";
      report(c, answer.status, route, (performance.now() - startedAt) / 1000);
      return answer;
    };

  /** One line of the log, one count. */
  function report(c: HttpContext, status: number, route: string, seconds: number): void {
    const { method } = c.req;
    const { code, message } = c.error instanceof OAuthError ? c.error : GRANTED;
    deps.metrics.answered({ method, route, status, error: code, seconds });
    const ms = Math.round(seconds * 10_000) / 10;
    deps.log.request({ requestId: c.get("requestId"), method, route, status, ms, error: message });
  }

  app.onError(errors.answer); // of middleware
  const missing = around(errors.missing, "none");
  app.notFound((c) => missing(c, nothing));
  for (const { method, path, handler } of routes.routes)
    app.on(method, path, around(handler as AnyHandler, method === "ALL" ? undefined : path));
  return app;
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
  const id = headerOf(c, "x-request-id");
  return id !== undefined && /^[\w.-]{8,64}$/.test(id) && isTrustedPeer(c, deps.config) ? id : undefined;
}

const GRANTED = { code: undefined, message: undefined };
const nothing = async () => {};

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
