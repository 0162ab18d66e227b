import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  form: URLSearchParams;
}

export interface Loopback {
  url: string;
  /** Every request that arrived, in order. */
  seen: SeenRequest[];
  /** The one request that arrived. */
  only(): SeenRequest;
  /** From now on connections are refused. */
  close(): Promise<void>;
}

/** A real HTTP server on this machine that says what a test wants said. Gone when the test is. */
export async function listen(t: TestContext, respond: (response: ServerResponse) => void): Promise<Loopback> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    seen.push({
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      form: new URLSearchParams(Buffer.concat(chunks).toString()),
    });
    respond(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  t.after(close);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close,
    only() {
      const [request] = seen;
      if (!request || seen.length > 1) throw new Error(`Expected one request, saw ${seen.length}.`);
      return request;
    },
  };
}

/** Says one JSON value. */
export const say =
  (status: number, value: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
  };

/** Whatever may stand where the login server should: each must become an AppLoginError and nothing else. */
export const HOSTILE: Record<string, (response: ServerResponse) => void> = {
  "an HTML page": (response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome</h1>"),
  "nothing at all": (response) => response.writeHead(200).end(),
  "half of a JSON body": (response) => response.writeHead(200).end('{"active":true,'),
  "bytes that are no UTF-8": (response) => response.writeHead(200).end(Buffer.from([0xff, 0xfe, 0x00, 0xc3])),
  "JSON null": say(200, null),
  "a JSON list": say(200, []),
  "a JSON string": say(200, "tkn.v1_x"),
  "an empty object": say(200, {}),
  "members of the wrong types": say(200, { active: "true", access_token: 1, installation: [], user: null, id: "1" }),
  "brackets a hundred thousand deep": (response) => response.writeHead(200).end("[".repeat(100_000)),
  "a body of a megabyte": (response) => response.writeHead(200).end(`"${"x".repeat(1024 * 1024)}"`),
  "a redirect": (response) => response.writeHead(307, { location: "/elsewhere" }).end(),
  "an address that is not there": say(404, { message: "Not found" }),
  "an error that no protocol knows": say(400, { error: "toString", error_description: { a: 1 } }),
};
