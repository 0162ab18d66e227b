import { type AppValues, isSecure, plainPath, portOf, SECRET, type Snippet } from "./app-values.ts";
import { js } from "./quote.ts";

/** The SDK's client, as every JavaScript snippet begins. @param callback the redirect URI, as an expression. */
export const clientCode = (
  { url, clientId, redirectUri, confidential, origin }: AppValues,
  callback = js(redirectUri),
): string =>
  `const client = createClient({
  issuer: ${js(url)},
  clientId: ${js(clientId)},
${confidential ? `  clientSecret: process.env.${SECRET},\n` : ""}  redirectUri: ${callback},
${origin === undefined ? "" : `  origin: ${js(origin)},\n`}});`;

const cookieOf = (app: AppValues) =>
  `login=\${state}.\${codeVerifier}; Max-Age=900; Path=/; HttpOnly; SameSite=Lax${isSecure(app) ? "; Secure" : ""}`;

/** Reads what this browser was sent off with. A cookie that is missing or changed matches no callback. */
const COOKIE = "/(?:^|; )login=([\\w-]+)\\.([\\w-]+)/";
const REFUSED = `error.code === "access_denied" ? "As you wish." : "That did not work. Please log in again."`;
const TODO = "// Keep access_token under installation.id and user.id. It opens the API at installation.apiEndPoint.";
const words = (install: string, { confidential }: AppValues) =>
  `npm install ${install}${confidential ? `; the secret is in ${SECRET}` : ""}. Then open /login.`;

/** A route of the callback, whatever its path: `open` begins a handler for one path, `openAny` one for all. */
function callbackRoute(app: AppValues, open: (path: string) => string, openAny: string, path: string, next: string) {
  const plain = plainPath(app);
  if (plain !== undefined) return open(js(plain));
  return `${openAny}\n  if (${path} !== new URL(${js(app.redirectUri)}).pathname) ${next};`;
}

export function expressSnippet(app: AppValues): Snippet {
  const open = callbackRoute(
    app,
    (path) => `app.get(${path}, async (request, response) => {`,
    "app.use(async (request, response, next) => {",
    "request.path",
    "return next()",
  );
  const text = `import { AppLoginError, createClient } from "@latchkey/sdk";
import express from "express";

${clientCode(app)}
const app = express();

app.get("/login", async (request, response) => {
  const { url, state, codeVerifier } = await client.startLogin();
  response.append("set-cookie", \`${cookieOf(app)}\`).redirect(303, url);
});

${open}
  const [, state, codeVerifier] = ${COOKIE}.exec(request.headers.cookie ?? "") ?? [];
  response.append("set-cookie", "login=; Max-Age=0; Path=/"); // a login is finished once
  const callback = client.readCallback(request.originalUrl, { state, codeVerifier });
  const { access_token, installation, user } = await client.exchangeCode(callback);
  ${TODO}
  response.type("text").send(\`Hello \${user.firstName} of \${installation.name}\`);
});

app.use((error, request, response, next) => {
  if (!(error instanceof AppLoginError)) return next(error);
  response.status(400).type("text").send(${REFUSED});
});

app.listen(${portOf(app.redirectUri)});
`;
  return { id: "express", title: "Express", words: words("express @latchkey/sdk", app), text };
}

export function fastifySnippet(app: AppValues): Snippet {
  const open = callbackRoute(
    app,
    (path) => `app.get(${path}, async (request, reply) => {`,
    `app.get("*", async (request, reply) => {`,
    `request.url.split("?")[0]`,
    "return reply.callNotFound()",
  );
  const text = `import { AppLoginError, createClient } from "@latchkey/sdk";
import fastify from "fastify";

${clientCode(app)}
const app = fastify();

app.get("/login", async (request, reply) => {
  const { url, state, codeVerifier } = await client.startLogin();
  return reply.header("set-cookie", \`${cookieOf(app)}\`).redirect(url, 303);
});

${open}
  const [, state, codeVerifier] = ${COOKIE}.exec(request.headers.cookie ?? "") ?? [];
  reply.header("set-cookie", "login=; Max-Age=0; Path=/"); // a login is finished once
  const callback = client.readCallback(request.url, { state, codeVerifier });
  const { access_token, installation, user } = await client.exchangeCode(callback);
  ${TODO}
  return reply.type("text/plain").send(\`Hello \${user.firstName} of \${installation.name}\`);
});

app.setErrorHandler((error, request, reply) => {
  if (!(error instanceof AppLoginError)) throw error;
  return reply.status(400).type("text/plain").send(${REFUSED});
});

await app.listen({ port: ${portOf(app.redirectUri)} });
`;
  return { id: "fastify", title: "Fastify", words: words("fastify @latchkey/sdk", app), text };
}

export function honoSnippet(app: AppValues): Snippet {
  const open = callbackRoute(
    app,
    (path) => `app.get(${path}, async (c) => {`,
    `app.get("*", async (c) => {`,
    "new URL(c.req.url).pathname",
    "return c.notFound()",
  );
  const text = `import { serve } from "@hono/node-server";
import { AppLoginError, createClient } from "@latchkey/sdk";
import { Hono } from "hono";

${clientCode(app)}
const app = new Hono();

app.get("/login", async (c) => {
  const { url, state, codeVerifier } = await client.startLogin();
  c.header("set-cookie", \`${cookieOf(app)}\`);
  return c.redirect(url, 303);
});

${open}
  const [, state, codeVerifier] = ${COOKIE}.exec(c.req.header("cookie") ?? "") ?? [];
  c.header("set-cookie", "login=; Max-Age=0; Path=/"); // a login is finished once
  const callback = client.readCallback(c.req.url, { state, codeVerifier });
  const { access_token, installation, user } = await client.exchangeCode(callback);
  ${TODO}
  return c.text(\`Hello \${user.firstName} of \${installation.name}\`);
});

app.onError((error, c) => {
  if (!(error instanceof AppLoginError)) throw error;
  return c.text(${REFUSED}, 400);
});

serve({ fetch: app.fetch, port: ${portOf(app.redirectUri)} });
`;
  return { id: "hono", title: "Hono", words: words("hono @hono/node-server @latchkey/sdk", app), text };
}

/** Three files; each begins with its name. */
export function nextSnippet(app: AppValues): Snippet {
  const path = plainPath(app) ?? "/callback";
  const up = (name: string) => "../".repeat(name.split("/").length - 1);
  const [login, callback] = ["app/login/route.js", `app${path.replace(/\/+$/, "")}/route.js`];
  const text = `// latchkey.js
import { createClient } from "@latchkey/sdk";

export ${clientCode(app)}

// ${login}
import { client } from "${up(login)}latchkey.js";

export async function GET() {
  const { url, state, codeVerifier } = await client.startLogin();
  const cookie = \`${cookieOf(app)}\`;
  return new Response(null, { status: 303, headers: { location: url, "set-cookie": cookie } });
}

// ${callback}
import { AppLoginError } from "@latchkey/sdk";
import { client } from "${up(callback)}latchkey.js";

export async function GET(request) {
  const [, state, codeVerifier] = ${COOKIE}.exec(request.headers.get("cookie") ?? "") ?? [];
  const headers = { "set-cookie": "login=; Max-Age=0; Path=/" }; // a login is finished once
  try {
    const callback = client.readCallback(request.url, { state, codeVerifier });
    const { access_token, installation, user } = await client.exchangeCode(callback);
    ${TODO}
    return new Response(\`Hello \${user.firstName} of \${installation.name}\`, { headers });
  } catch (error) {
    if (!(error instanceof AppLoginError)) throw error;
    return new Response(${REFUSED}, { status: 400, headers });
  }
}
`;
  return { id: "next", title: "Next.js", words: words("next @latchkey/sdk", app), text };
}
