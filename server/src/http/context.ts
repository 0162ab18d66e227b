import type { Context } from "hono";

/** What every handler finds in its context; put there by http/frame.ts. */
export interface HttpEnv {
  Bindings: HttpBindings;
  Variables: {
    /** Also in `X-Request-Id` of the answer and in every line of the log. */
    requestId: string;
    /** The client's address behind trusted proxies. Personal: for budgets under an HMAC, never for the log. */
    address: string;
  };
}

/** What @hono/node-server hands over. Nothing of it is there when the app is called without a port. */
export interface HttpBindings {
  incoming?: {
    url?: string | undefined;
    socket: { remoteAddress?: string | undefined };
    /** All of the body has come. */
    complete: boolean;
    /** What has come and was not read yet. */
    read(): Uint8Array | null;
  };
  outgoing?: { setHeader(name: string, value: string): unknown };
}

export type HttpContext = Context<HttpEnv>;
