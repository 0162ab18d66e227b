import { type IncomingMessage, type OutgoingHttpHeaders, type Server, ServerResponse } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { HttpBindings, Outgoing } from "./http/context.ts";

/** What is listened for: the app. */
export interface Answering {
  fetch(request: Request, bindings: HttpBindings): Response | Promise<Response>;
}

export interface Listening {
  port: number;
  /** Takes no new connection, lets what is under way finish, and cuts off what takes longer than `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** A request line and all headers together; a login address with a long `state` needs a few KiB. */
const HEADER_BYTES_MAX = 32 * 1024;

/** Longer than load balancers keep idle connections (60 s mostly), so that they never write into one just closed. */
const KEEP_ALIVE_MS = 75_000;

/** @throws what listening throws: `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL` … in its `code`. */
export async function listen(app: Answering, { host, port }: { host: string; port: number }): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: (request, bindings) => app.fetch(request, bindings as HttpBindings),
    hostname: "localhost", // stands in for `Host`, which HTTP/1.0 health checks do not send
    serverOptions: {
      ServerResponse: Answer,
      maxHeaderSize: HEADER_BYTES_MAX,
      joinDuplicateHeaders: true, // else the first of two `Authorization` would count, and a proxy may go by the second
      headersTimeout: 20_000,
      requestTimeout: 30_000,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    stop: (graceMs) => stopServer(server, graceMs),
  };
}

/**
 * Writes the usual headers and its own in one piece: node:http takes headers that were set one by one a slower way.
 * Names are in lower case on both sides, as Fetch's `Headers` has them.
 */
class Answer<Asked extends IncomingMessage> extends ServerResponse<Asked> implements Outgoing {
  declare usualHeaders?: Readonly<Record<string, string>>;

  override writeHead(status: number, ...rest: unknown[]): this {
    const own = rest.pop() as OutgoingHttpHeaders | undefined;
    return super.writeHead(status, { ...this.usualHeaders, ...own });
  }
}

async function stopServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that is busy now becomes idle later, and nobody would close it then.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const end = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(end);
}
