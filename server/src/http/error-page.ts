import type { ContentfulStatusCode } from "hono/utils/http-status";
import { errorPage } from "../pages/errors/error-page.ts";
import type { ErrorWords } from "../pages/errors/words.ts";
import type { HttpContext } from "./context.ts";

/** Answers with a page for people; its reference is the request's id, under which the log tells more. */
export function showError(
  c: HttpContext,
  status: number,
  words: ErrorWords,
  options: { again?: { href: string; label: string }; headers?: Record<string, string> } = {},
): Response {
  const page = errorPage({
    ...words,
    reference: c.get("requestId"),
    time: new Date().toISOString(), // the reader's, for asking for help; no rule goes by it
    again: options.again,
  });
  return c.newResponse(page, {
    status: status as ContentfulStatusCode,
    headers: { ...options.headers, "content-type": "text/html; charset=UTF-8" },
  });
}
