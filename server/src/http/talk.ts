import type { Talk } from "../pages/talk.ts";

/** Takes a request as the network would, from that address: budgets count by it. */
export type Ask = (request: Request, remoteAddress?: string) => Response | Promise<Response>;

/** What an app says to a server. */
export interface AppRequest {
  method: "GET" | "POST";
  url: string;
  /** A bearer token, for the header. */
  token?: string;
  form?: Readonly<Record<string, string>>;
  origin?: string;
}

/** What it is told. */
export interface Answer {
  status: number;
  contentType: string;
  /** Of refusals only. */
  challenge: string;
  body: string;
}

/** Sends what an app would send, and reads what it would read. */
export async function send(
  ask: Ask,
  { method, url, token, form, origin }: AppRequest,
  remoteAddress?: string,
): Promise<Answer> {
  const headers = {
    accept: "application/json",
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(origin !== undefined && { origin }),
  };
  const request = new Request(url, { method, headers, ...(form && { body: new URLSearchParams(form) }) });
  const response = await ask(request, remoteAddress);
  return {
    status: response.status,
    contentType: response.headers.get("content-type") ?? "",
    challenge: response.headers.get("www-authenticate") ?? "",
    body: await response.text(),
  };
}

/** A request as text and as a command, and its answer, if there is one yet. A code that was used is not to be sent again. */
export const talkOf = (request: AppRequest, secretFile: string, answer?: Answer): Talk => ({
  request: requestText(request),
  ...((request.method === "GET" || !answer) && { curl: curlCommand(request, secretFile) }),
  ...(answer && { answer: { ok: answer.status === 200, text: answerText(answer) } }),
});

const SECRET = "client_secret";

/** As it travels, but one parameter a line, and without the secret. */
export function requestText({ method, url, token, form, origin }: AppRequest): string {
  const { host, pathname, search } = new URL(url);
  const lines = [`${method} ${pathname}`, ...parameterLines(search), `Host: ${host}`];
  if (token !== undefined) lines.push(`Authorization: Bearer ${token}`);
  if (origin !== undefined) lines.push(`Origin: ${origin}`);
  if (!form) return lines.join("\n");
  const body = new URLSearchParams(form).toString().replace(/(client_secret)=[^&]*/, "$1=••••••••");
  return [...lines, "Content-Type: application/x-www-form-urlencoded", "", ...parameterLines(body)].join("\n");
}

const parameterLines = (query: string) => (query === "" ? [] : query.split(/(?=&)/));

export function answerText({ status, contentType, challenge, body }: Answer): string {
  const lines = [`HTTP ${status}`, `Content-Type: ${contentType}`];
  if (challenge) lines.push(`WWW-Authenticate: ${challenge}`);
  return body === "" ? lines.join("\n") : [...lines, "", indented(body)].join("\n");
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** For a POSIX shell. The secret comes out of its file, so that it is in no page and no history. */
export function curlCommand({ url, token, form }: AppRequest, secretFile: string): string {
  const parts = [`curl -s ${quoted(url)}`];
  if (token !== undefined) parts.push(`-H ${quoted(`Authorization: Bearer ${token}`)}`);
  for (const [name, value] of Object.entries(form ?? {}))
    parts.push(
      name === SECRET
        ? `--data-urlencode "${name}=$(sed -n 's/.*"clientSecret": "\\(.*\\)".*/\\1/p' ${quoted(secretFile)})"`
        : `--data-urlencode ${quoted(`${name}=${value}`)}`,
    );
  return parts.join(" \\\n  ");
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
