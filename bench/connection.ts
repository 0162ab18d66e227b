import { connect } from "node:net";

export interface Answer {
  status: number;
  location: string;
  /** As the `Cookie` header wants them. */
  cookies: string;
  body: string;
}

export interface Connection {
  /** One request at a time. `headers` are whole lines. */
  send(method: string, path: string, headers: readonly string[], body?: string): Promise<Answer>;
  close(): void;
}

/**
 * A keep-alive connection to a port of this machine. It reads as much of HTTP/1.1 as the two servers speak: a full client
 * costs more than they do, and then they would be measured while they wait for it.
 */
export function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true }).setEncoding("latin1");
  let received = "";
  let waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  socket.on("data", (chunk: string) => {
    received += chunk;
    const answer = readAnswer(received);
    if (!answer) return;
    received = "";
    const { resolve } = waiting ?? {};
    waiting = undefined;
    resolve?.(answer);
  });
  const fail = (error = new Error("The server closed the connection.")) => waiting?.reject(error);
  socket.on("error", fail).on("close", () => fail());

  const connection: Connection = {
    send(method, path, headers, body) {
      const length = body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`];
      const lines = [`${method} ${path} HTTP/1.1`, `host: localhost:${port}`, "accept: */*", ...headers, ...length];
      socket.write(`${lines.join("\r\n")}\r\n\r\n${body ?? ""}`);
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    close: () => socket.destroy(),
  };
  return new Promise((resolve, reject) => socket.once("connect", () => resolve(connection)).once("error", reject));
}

/** `undefined` while a part of it is still to come. A header's name is in lower case or begins its words with capitals. */
function readAnswer(text: string): Answer | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const body = text.slice(end + 4);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined ? !body.endsWith("0\r\n\r\n") : body.length < Number(length)) return undefined;
  const cookies = [...head.matchAll(/\r\nset-cookie: ([^;\r]+)/gi)].map(([, cookie]) => cookie);
  return {
    status: Number(head.slice(9, 12)),
    location: /\r\nlocation: (.+)/i.exec(head)?.[1] ?? "",
    cookies: cookies.join("; "),
    body: Buffer.from(body, "latin1").toString("utf8"),
  };
}
