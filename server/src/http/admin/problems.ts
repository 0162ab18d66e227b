import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Refused } from "../../domain/refused.ts";
import type { HttpContext } from "../context.ts";

/** Of a problem without a type of its own the title is the status (RFC 9457 §4.2.1). */
const TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  409: "Conflict",
  412: "Precondition Failed",
  422: "Unprocessable Content",
} as const;

export interface FieldProblem {
  field: string;
  message: string;
}

interface ProblemExtras {
  errors?: readonly FieldProblem[];
  headers?: Record<string, string>;
}

/** A refusal of the operator's API, answered as problem details (RFC 9457). Thrown in http/admin only. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: keyof typeof TITLES;
  readonly errors: readonly FieldProblem[];
  readonly headers: Record<string, string>;

  constructor(status: keyof typeof TITLES, detail: string, { errors = [], headers = {} }: ProblemExtras = {}) {
    super(detail);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

export const notFound = () => new Problem(404, "There is nothing at this address.");

/** What the domain refused, as the answer that says so. `stale` comes here only after `If-Match` or all retries. */
export function problemOf(refused: Refused): Problem {
  if ("problems" in refused) {
    const errors = Object.entries(refused.problems).map(([field, message]) => ({ field, message }));
    return refusedValues(errors);
  }
  if ("conflict" in refused) return new Problem(409, refused.conflict);
  return new Problem(409, "It is being changed by others at the same time. Try again.");
}

export const refusedValues = (errors: readonly FieldProblem[]) =>
  new Problem(422, errors.map(({ field, message }) => `${field}: ${message}`).join(" "), { errors });

export function presentProblem(c: HttpContext, problem: Problem): Response {
  const { status, message, errors, headers } = problem;
  const body = { type: "about:blank", title: TITLES[status], status, detail: message, errors };
  return c.newResponse(JSON.stringify(body), status as ContentfulStatusCode, {
    ...headers,
    "content-type": "application/problem+json",
  });
}
