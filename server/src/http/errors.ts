import type { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { OAuthError } from "../errors.ts";
import type { HttpContext, HttpEnv } from "./context.ts";

/** What a person in front of a browser reads when something cannot go on. */
export interface ErrorPageProps {
  title: string;
  whatHappened: string;
  whatToDo?: string;
  /** The request id: for the one who is asked for help. */
  reference: string;
  /** ISO 8601, UTC. */
  time: string;
}

export interface ErrorAnswerOptions {
  /** What a thrown value that is no OAuthError stands for, or `undefined` when it is a bug. */
  refusalOf(error: Error): OAuthError | undefined;
  errorPage(props: ErrorPageProps): string | Promise<string>;
  /** Seconds since 1970 UTC. */
  now(): number;
}

export interface ErrorAnswers {
  answer(error: Error, c: HttpContext): Response | Promise<Response>;
}

/** One answer to a refusal, before it takes the form its reader understands. */
interface Refusal {
  status: number;
  error: string;
  description: string;
  headers: Record<string, string>;
}

/**
 * Turns every error and every missing route into an answer: JSON for programs (wire section 4), problem details for
 * the operator's API (RFC 9457), a page for people.
 */
export function answerErrors(app: Hono<HttpEnv>, options: ErrorAnswerOptions): ErrorAnswers {
  const answer = (error: Error, c: HttpContext) => present(refusal(error, c, options), c, options);
  app.onError(answer);
  app.notFound((c) => {
    const allowed = allowedMethods(app, c.req.path);
    return present(allowed.length > 0 ? wrongMethod(allowed) : notFound(), c, options);
  });
  return { answer };
}

function refusal(error: Error, c: HttpContext, options: ErrorAnswerOptions): Refusal {
  const known = error instanceof OAuthError ? error : options.refusalOf(error);
  if (known === undefined) {
    c.get("log").error({ err: error }, "unexpected error");
    return { status: 500, error: "server_error", description: "Something went wrong here.", headers: {} };
  }
  if (known !== error) c.get("log").warn({ err: error }, "temporarily unavailable");
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

/** Addresses that programs call. All others are pages, except that a program may miss a page too. */
const PROGRAMS = [
  "/launchpad/v1/",
  "/oauth2/",
  "/.well-known/",
  "/health/",
  "/metrics",
  "/verify",
  "/revocations",
  "/demo/",
];
const isUnder = (path: string, prefix: string) => path === prefix.replace(/\/$/, "") || path.startsWith(prefix);

function present(refusal: Refusal, c: HttpContext, options: ErrorAnswerOptions): Response | Promise<Response> {
  const path = c.req.path;
  if (isUnder(path, "/admin/")) return problemDetails(refusal, c);
  if (path !== "/oauth2/authorize") {
    if (PROGRAMS.some((prefix) => isUnder(path, prefix))) return oauthJson(refusal, c);
    if (refusal.status === 404 && !c.req.header("accept")?.includes("text/html")) return oauthJson(refusal, c);
  }
  return page(refusal, c, options);
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

function problemDetails({ status, error, description, headers }: Refusal, c: HttpContext): Response {
  const body = { type: "about:blank", title: error, status, detail: description, errors: [] };
  return respond(c, JSON.stringify(body), status, { ...headers, "content-type": "application/problem+json" });
}

/** Headlines without codes or blame; the code is in the log, under the reference. */
const TITLES: Readonly<Record<number, string>> = {
  400: "This request cannot be read",
  403: "This is not allowed",
  404: "Page not found",
  405: "This page cannot be used like that",
  413: "That was too much",
  429: "Too many tries",
  500: "Something went wrong",
  503: "We cannot answer right now",
};
const ADVICE: Readonly<Record<number, string>> = {
  400: "Go back to the app and start again.",
  403: "Go back, reload the page and try once more.",
  404: "Check the address.",
  429: "Wait a while, then try again.",
  500: "Try again in a moment. If it stays like this, give the reference below to your administrator.",
  503: "Try again in a moment.",
};

async function page(refusal: Refusal, c: HttpContext, options: ErrorAnswerOptions): Promise<Response> {
  const whatToDo = ADVICE[refusal.status];
  const html = await options.errorPage({
    title: TITLES[refusal.status] ?? "This cannot go on",
    whatHappened: refusal.description,
    ...(whatToDo !== undefined && { whatToDo }),
    reference: c.get("requestId"),
    time: new Date(options.now() * 1000).toISOString(),
  });
  return respond(c, html, refusal.status, { ...refusal.headers, "content-type": "text/html; charset=UTF-8" });
}

/** Headers that the handler had set before it failed stay (CORS ones, cookies). */
function respond(c: HttpContext, body: string, status: number, headers: Record<string, string>): Response {
  return c.newResponse(body, { status: status as ContentfulStatusCode, headers });
}
