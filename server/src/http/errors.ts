import { STATUS_CODES } from "node:http";
import type { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Logger } from "pino";
import { OAuthError } from "../errors.ts";
import type { ErrorWords } from "../pages/errors/words.ts";
import * as words from "../pages/errors/words.ts";
import type { HttpContext, HttpEnv } from "./context.ts";
import { showError } from "./error-page.ts";
import { headerOf } from "./headers.ts";
import { readerOf } from "./readers.ts";

/** What a thrown value that is no OAuthError stands for, or `undefined` when it is a bug. */
export type RefusalOf = (error: Error) => OAuthError | undefined;

export interface ErrorAnswers {
  answer(error: Error, c: HttpContext): Response;
  /** To a request that no handler is there for, or whose handler found nothing. */
  missing(c: HttpContext): Response;
}

/** One answer to a refusal, before it takes the form its reader understands. */
interface Refusal {
  status: number;
  error: string;
  description: string;
  headers: Record<string, string>;
}

/**
 * Turns every error and every missing route of `app` into an answer: JSON for programs (wire section 4), problem details
 * for the operator's API (RFC 9457), a page for people.
 */
export const errorAnswers = (app: Hono<HttpEnv>, log: Logger, refusalOf: RefusalOf): ErrorAnswers => ({
  answer: (error, c) => present(refusal(error, c, log, refusalOf), c),
  missing(c) {
    const allowed = allowedMethods(app, c.req.path);
    // A handler of the right method may find nothing too, and say so by `c.notFound()`.
    const isMethod = allowed.length === 0 || allowed.includes(c.req.method);
    return present(isMethod ? notFound() : wrongMethod(allowed), c);
  },
});

function refusal(error: Error, c: HttpContext, log: Logger, refusalOf: RefusalOf): Refusal {
  const known = error instanceof OAuthError ? error : refusalOf(error);
  if (known === undefined) {
    log.error({ requestId: c.get("requestId"), err: error }, "unexpected error");
    return { status: 500, error: "server_error", description: "Something went wrong here.", headers: {} };
  }
  if (known !== error) log.warn({ requestId: c.get("requestId"), err: error }, "temporarily unavailable");
  const headers: Record<string, string> = {};
  if (known.retryAfterSeconds !== undefined) headers["retry-after"] = String(known.retryAfterSeconds);
  return { status: known.status, error: known.code, description: known.description, headers };
}

const notFound = (): Refusal => ({
  status: 404,
  error: "not_found",
  description: "There is nothing at this address.",
  headers: {},
});

const wrongMethod = (allowed: readonly string[]): Refusal => ({
  status: 405,
  error: "invalid_request",
  description: `This address answers ${allowed.join(", ")}.`,
  headers: { allow: allowed.join(", ") },
});

/** The methods that have a handler at this path; middleware, which is there for all methods, does not count. */
function allowedMethods(app: Hono<HttpEnv>, path: string): string[] {
  const has = (method: string) => app.router.match(method, path)[0].some(([[, route]]) => route.method !== "ALL");
  return ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].filter((method) =>
    has(method === "HEAD" ? "GET" : method),
  );
}

function present(refusal: Refusal, c: HttpContext): Response {
  const reader = readerOf(c.req.path);
  if (reader === "operator") return problemDetails(refusal, c);
  // Also programs miss an address that is nobody's.
  if (reader === "programs" || (refusal.status === 404 && !headerOf(c, "accept")?.includes("text/html")))
    return oauthJson(refusal, c);
  return showError(c, refusal.status, wordsOf(refusal), { headers: refusal.headers });
}

function oauthJson({ status, error, description, headers }: Refusal, c: HttpContext): Response {
  const body = { error, error_description: description, message: description, status: "error" };
  return respond(c, JSON.stringify(body), status, {
    ...headers,
    "content-type": "application/json",
    "cache-control": "no-store",
    pragma: "no-cache",
  });
}

function problemDetails({ status, description, headers }: Refusal, c: HttpContext): Response {
  const body = { type: "about:blank", title: STATUS_CODES[status] ?? "", status, detail: description, errors: [] }; // RFC 9457 §4.2.1
  return respond(c, JSON.stringify(body), status, { ...headers, "content-type": "application/problem+json" });
}

/** Words for people: never the protocol's own, which are in the log under the page's reference. */
function wordsOf({ status, error, headers }: Refusal): ErrorWords {
  if (status === 404) return words.notFound();
  if (status === 405) return words.methodNotAllowed();
  if (status === 429) return words.tooManyTries(Math.ceil(Number(headers["retry-after"] ?? 60) / 60));
  if (status === 503) return words.unavailable();
  if (error === "origin_not_allowed") return words.foreignForm();
  return status >= 500 ? words.unexpected() : words.malformedRequest();
}

/** Headers that the handler had set before it failed stay (CORS ones, cookies). */
function respond(c: HttpContext, body: string, status: number, headers: Record<string, string>): Response {
  return c.newResponse(body, { status: status as ContentfulStatusCode, headers });
}
