import type { Context } from "hono";

/** What every handler finds in its context; put there by http/frame.ts. */
export interface HttpEnv {
  Bindings: HttpBindings;
  Variables: {
    /** Also in `X-Request-Id` of the answer and in every line of the log. */
    requestId: string;
    /** The client's address behind trusted proxies. Personal: for budgets under an HMAC, never for the log. */
    address: string;
    /** Headers of the answer, unless it says otherwise itself; names in lower case. */
    usualHeaders: Record<string, string>;
  };
}

/** What @hono/node-server hands over. Nothing of it is there when the app is called without a port. */
export interface HttpBindings {
  incoming?: Incoming;
  outgoing?: Outgoing;
}

/** What listen.ts makes of node:http's own answer. */
export interface Outgoing {
  /** Those of the context. */
  usualHeaders?: Readonly<Record<string, string>>;
}

/** As much of node:http's own request as is asked for. */
export interface Incoming {
  url?: string | undefined;
  /** Names in lower case. */
  headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  socket: { remoteAddress?: string | undefined };
  /** Bytes of the body that have come and were not read yet. */
  readableLength?: number;
  /** Those bytes. */
  read?(): Uint8Array | null;
  resume?(): void;
}

export type HttpContext = Context<HttpEnv>;
