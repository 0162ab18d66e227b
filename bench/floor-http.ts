/** What both floors share: bare `node:http`, and answers as ours are. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";

export type Row = Record<string, string | number | null>;

export interface Answer {
  status?: number;
  headers?: OutgoingHttpHeaders;
  html?: string;
  json?: unknown;
}

export type Handler = (request: IncomingMessage, url: URL, body: string) => Answer | Promise<Answer>;

/** Listens on loopback; what throws ends the process. */
export function serve(port: number, routes: Readonly<Record<string, Handler>>): void {
  createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    const body = request.method === "POST" ? await bodyOf(request) : "";
    const { status = 200, headers, html, json } = (await routes[url.pathname]?.(request, url, body)) ?? { status: 404 };
    const type = html ? "text/html; charset=UTF-8" : "application/json";
    const text = html ?? (json === undefined ? "" : JSON.stringify(json));
    const common = { "content-type": type, "content-length": Buffer.byteLength(text), "cache-control": "no-store" };
    response.writeHead(status, { ...headers, ...common }).end(text);
  }).listen(port, "127.0.0.1");
}

const bodyOf = (request: IncomingMessage) =>
  new Promise<string>((resolve) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => resolve(body));
  });

/** The user and password of HTTP Basic. */
export function basicOf({ headers }: IncomingMessage): [user: string, password: string] {
  const basic = Buffer.from(headers.authorization?.slice(6) ?? "", "base64").toString();
  return [basic.slice(0, basic.indexOf(":")), basic.slice(basic.indexOf(":") + 1)];
}

export function newToken(code: Row): string {
  const readable = `${randomUUID()}-${code.installationId}.${code.userId}.US`;
  return `tkn.v1_${Buffer.from(readable).toString("base64")}`;
}

export function grantAnswer(token: string, code: Row, grantee: Row) {
  const { ownerId, ownerName, ownerLogo, userId, firstName, lastName, email, avatar, companyId, ...place } = grantee;
  const { companyName, companyLogo, installationId, ...more } = place;
  const flags = { projectsEnabled: grantee.projectsEnabled === 1, deskEnabled: grantee.deskEnabled === 1 };
  const company = { id: ownerId, name: ownerName, logo: ownerLogo };
  const ofUser = { id: companyId, name: companyName, logo: companyLogo };
  const scope = JSON.parse(String(code.scopes)).join(" ");
  const user = { id: userId, firstName, lastName, email, avatar, company: ofUser };
  const installation = { id: installationId, region: "US", ...more, ...flags, chatEnabled: false, company };
  return { access_token: token, token_type: "Bearer", status: "ok", scope, installation, user };
}

export function introspectionAnswer(token: Row) {
  const ids = { sub: String(token.userId), user_id: token.userId, installation_id: token.installationId, region: "US" };
  const scope = JSON.parse(String(token.scopes)).join(" ");
  return { active: true, token_type: "Bearer", client_id: token.clientId, ...ids, scope, iat: token.issuedAt };
}
