import { readIssuer } from "./addresses.ts";
import { AppLoginError, type AppLoginErrorExtras, protocolCode, readDescription } from "./errors.ts";

/** What is used of `fetch`. A server's own request handler will do, which is how tests run without a port. */
export type Fetch = (url: string, init: RequestInit) => Response | Promise<Response>;

export interface ServerOptions {
  /** The login server's public address, e.g. `https://login.example.com`. */
  issuer: string;
  /** Another `fetch`: behind a proxy, or in tests. */
  fetch?: Fetch;
  /** How long one answer may take, in milliseconds. */
  timeoutMs?: number;
}

export interface ServerRequest {
  method: "GET" | "POST";
  path: `/${string}`;
  headers?: Record<string, string>;
  /** Sent as a form. */
  form?: Record<string, string>;
  /** Whether making the request twice does the same as making it once. */
  repeatable: boolean;
}

/** What came back: at most 256 KiB; `body` is `undefined` when it was no JSON. */
export interface ServerAnswer {
  status: number;
  body: unknown;
  requestId: string | undefined;
  retryAfterSeconds: number | undefined;
}

export interface Server {
  issuer: string;
  /** @throws {AppLoginError} `network`, `timeout`, or `server_error` for a redirect or too large an answer. */
  send(request: ServerRequest): Promise<ServerAnswer>;
}

const TIMEOUT_MS = 10_000;
const BODY_BYTES_MAX = 256 * 1024;

/** The login server, as this package talks to it: one request, one answer, no retries, no redirects. */
export function connect(options: ServerOptions): Server {
  const { fetch = globalThis.fetch, timeoutMs = TIMEOUT_MS } = options;
  const issuer = readIssuer(options.issuer);
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1) {
    throw new AppLoginError("invalid_options", "timeoutMs must be a whole number of milliseconds.");
  }

  return {
    issuer,
    async send(request) {
      try {
        const response = await fetch(issuer + request.path, {
          method: request.method,
          headers: { accept: "application/json", ...request.headers },
          ...(request.form && { body: new URLSearchParams(request.form) }),
          redirect: "manual", // whoever can redirect us must not be handed our secrets
          signal: AbortSignal.timeout(timeoutMs), // ends a body that never ends, too
        });
        return await readAnswer(response);
      } catch (cause) {
        throw failure(cause, request.repeatable);
      }
    },
  };
}

/** The error that a refusal stands for; `fallback` when neither its body nor its status says what is wrong. */
export function refusal(answer: ServerAnswer, fallback: "invalid_client" | "invalid_token"): AppLoginError {
  const { status, requestId, retryAfterSeconds } = answer;
  const said: { error?: unknown; error_description?: unknown } = isObject(answer.body) ? answer.body : {};
  const code = protocolCode(said.error) ?? codeOfStatus(status, fallback);
  const description = readDescription(said.error_description, `The server answered HTTP ${status}.`);
  return new AppLoginError(code, description, { status, requestId, retryAfterSeconds });
}

/** The error that an answer stands for which no Latchkey server gives. */
export const nonsense = (answer: ServerAnswer, description: string): AppLoginError =>
  new AppLoginError("server_error", description, { status: answer.status, requestId: answer.requestId });

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function codeOfStatus(status: number, fallback: "invalid_client" | "invalid_token") {
  if (status === 401) return fallback;
  if (status === 429) return "slow_down";
  if (status === 502 || status === 503 || status === 504) return "temporarily_unavailable";
  return "server_error";
}

async function readAnswer(response: Response): Promise<ServerAnswer> {
  const { status, headers } = response;
  const requestId = headers.get("x-request-id")?.match(/^[\x21-\x7e]{1,128}$/)?.[0];
  // A browser hides the status of a redirect that it was told not to follow.
  if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
    response.body?.cancel().catch(() => {});
    throw new AppLoginError("server_error", "The server answered with a redirect; is issuer its public address?", {
      status,
      requestId,
    });
  }
  const retryAfter = headers.get("retry-after")?.match(/^\d{1,9}$/)?.[0];
  return {
    status,
    requestId,
    retryAfterSeconds: retryAfter === undefined ? undefined : Number(retryAfter),
    body: parseJson(await readText(response, { status, requestId })),
  };
}

async function readText(response: Response, extras: AppLoginErrorExtras): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > BODY_BYTES_MAX) {
      reader.cancel().catch(() => {});
      throw new AppLoginError("server_error", `The server's answer is larger than ${BODY_BYTES_MAX} bytes.`, extras);
    }
    text += decoder.decode(value, { stream: true });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a proxy's error page, for instance
  }
}

/** Failures that happen while connecting, so that the server cannot have seen the request. */
const BEFORE_SENDING = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

/** A request whose outcome is unknown may have spent its code: it is only repeated where that does no harm. */
function failure(cause: unknown, repeatable: boolean): AppLoginError {
  if (cause instanceof AppLoginError) return cause;
  if (cause instanceof Error && cause.name === "TimeoutError") {
    return new AppLoginError("timeout", "The server did not answer in time.", { retryable: repeatable, cause });
  }
  const reason = cause instanceof Error && isObject(cause.cause) ? cause.cause.code : undefined;
  const unsent = typeof reason === "string" && BEFORE_SENDING.has(reason);
  return new AppLoginError("network", "The server cannot be reached.", { retryable: repeatable || unsent, cause });
}
