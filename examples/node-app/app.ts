/**
 * A whole app: log in with Latchkey, call the API of the user's installation, show what it says.
 *
 *   LATCHKEY_URL=http://localhost:4400 CLIENT_ID=… CLIENT_SECRET=… node examples/node-app/app.ts
 *
 * Register http://localhost:3000/callback as a redirect URI first, or set REDIRECT_URI to one that is.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { AppLoginError, createClient, type StartedLogin } from "@latchkey/sdk";

const { LATCHKEY_URL = "http://localhost:4400", CLIENT_ID = "", CLIENT_SECRET, PORT = "3000" } = process.env;
const { REDIRECT_URI = `http://localhost:${PORT}/callback`, API_PATH = "me.json" } = process.env;

const client = createClient({
  issuer: LATCHKEY_URL,
  clientId: CLIENT_ID,
  ...(CLIENT_SECRET && { clientSecret: CLIENT_SECRET }),
  redirectUri: REDIRECT_URI,
});

/** Logins under way, by the cookie of the browser that started them; who takes longer starts again. */
const logins = new Map<string, StartedLogin>();
const LOGIN_SECONDS = 15 * 60;
const COOKIE = `HttpOnly; SameSite=Lax; Path=/${REDIRECT_URI.startsWith("https:") ? "; Secure" : ""}`;

async function start(response: ServerResponse): Promise<void> {
  const login = await client.startLogin();
  const id = randomUUID();
  logins.set(id, login);
  setTimeout(() => logins.delete(id), LOGIN_SECONDS * 1000).unref();
  response
    .writeHead(303, { location: login.url, "set-cookie": `login=${id}; Max-Age=${LOGIN_SECONDS}; ${COOKIE}` })
    .end();
}

async function finish(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const id = request.headers.cookie?.match(/(?:^|; )login=([\w-]+)/)?.[1] ?? "";
  const login = logins.get(id);
  logins.delete(id); // a login can be finished once
  if (!login) return page(response, 400, "This browser started no login, or it took too long.");

  const grant = await client.exchangeCode(client.readCallback(request.url ?? "", login));

  // A real app stores the token now, encrypted, under grant.installation.id and grant.user.id.
  const answer = await fetch(new URL(API_PATH, grant.installation.apiEndPoint), {
    headers: { authorization: `Bearer ${grant.access_token}` },
    redirect: "error",
  });
  const { user, installation } = grant;
  page(
    response,
    200,
    `Hello ${user.firstName} ${user.lastName} of ${installation.name}, region ${installation.region}.`,
    `Your API answered ${answer.status}: ${await answer.text()}`,
  );
}

function page(response: ServerResponse, status: number, ...paragraphs: string[]): void {
  const html = paragraphs.map((text) => `<p>${text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)}</p>`);
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(`<!doctype html><title>App</title>${html.join("")}<p><a href="/login">Log in</a></p>`);
}

function refuse(response: ServerResponse, error: unknown): void {
  console.error(error);
  if (error instanceof AppLoginError && error.code === "access_denied") page(response, 403, "You said no. Fine.");
  else page(response, 502, "The login did not work. Please try again.");
}

const server = createServer((request, response) => {
  const path = request.url?.split("?")[0];
  if (path === "/") page(response, 200, "Nobody is logged in.");
  else if (path === "/login") start(response).catch((error) => refuse(response, error));
  else if (path === new URL(REDIRECT_URI).pathname) finish(request, response).catch((error) => refuse(response, error));
  else page(response, 404, "There is nothing here.");
});
server.listen(Number(PORT), "localhost", () => console.log(`Open http://localhost:${PORT}/`));
