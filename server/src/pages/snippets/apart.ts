import { type AppValues, isLoopback, type Snippet } from "./app-values.ts";
import { clientCode } from "./node.ts";
import { js } from "./quote.ts";

// Programs that live on their user's device: a page, an extension, a command line. They keep no secret. Those of an app
// that has one hand what came back to its server, where the secret is.

const withoutSecret = (app: AppValues): string => clientCode({ ...app, confidential: false, origin: undefined });

const exchanging = ({ confidential }: AppValues, server = ""): string =>
  confidential
    ? `// Your server has the secret: there, client.exchangeCode(callback) gives the token.
  return fetch(${server === "" ? "" : `${server} + `}"/login/finish", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(callback),
  });`
    : "return client.exchangeCode(callback);";

export function browserSnippet(app: AppValues): Snippet {
  const text = `import { createClient } from "@latchkey/sdk";

${withoutSecret(app)}

/** By redirect: this page is left, and finish() goes on where the browser comes back. */
export async function logIn() {
  const login = await client.startLogin();
  sessionStorage.setItem("login", JSON.stringify(login));
  location.assign(login.url);
}

/** By popup, from a click: browsers open none otherwise. */
export async function logInByPopup() {
  const popup = open("", "login", "popup,width=480,height=720");
  if (!popup) return logIn();
  const login = await client.startLogin();
  popup.location.href = login.url;
  const address = await new Promise((resolve) => {
    addEventListener("message", function hear({ source, origin, data }) {
      if (source !== popup || origin !== location.origin) return;
      removeEventListener("message", hear);
      resolve(data);
    });
  });
  popup.close();
  return exchange(address, login);
}

/** For the page at the redirect URI: in the popup it hands over its address, else it goes on itself. */
export async function finish() {
  const address = location.href;
  history.replaceState(null, "", location.pathname); // the code is to stay in no history
  if (opener) return opener.postMessage(address, location.origin);
  const login = JSON.parse(sessionStorage.getItem("login"));
  sessionStorage.removeItem("login");
  return exchange(address, login);
}

async function exchange(address, login) {
  const callback = client.readCallback(address, login);
  ${exchanging(app)}
}
`;
  const origin = app.confidential
    ? ""
    : " List the page’s origin among the allowed ones, or the browser keeps the answer.";
  return { id: "browser", title: "Browser", words: `npm install @latchkey/sdk.${origin}`, text };
}

export function extensionSnippet(app: AppValues): Snippet {
  const server = app.confidential ? `const server = "https://app.example.com"; // yours\n` : "";
  const text = `// manifest.json: "permissions": ["identity"], "host_permissions": [${js(`${new URL(app.url).origin}/*`)}]
import { createClient } from "@latchkey/sdk";

${withoutSecret(app)}
${server}
export async function logIn() {
  const login = await client.startLogin();
  const address = await chrome.identity.launchWebAuthFlow({ url: login.url, interactive: true });
  const callback = client.readCallback(address, login);
  ${exchanging(app, "server")}
}
`;
  return {
    id: "extension",
    title: "Chrome extension",
    words: "npm install @latchkey/sdk. The redirect URI is https://, the extension’s 32 letters, .chromiumapp.org/.",
    text,
  };
}

/** @param loopback the app's own redirect URI on this machine, where it has one. */
export function cliSnippet(app: AppValues, loopback: string | undefined): Snippet {
  const uri = loopback ?? (isLoopback(app.redirectUri) ? app.redirectUri : "http://127.0.0.1/callback");
  const [, host = "http://127.0.0.1", path = "/callback"] =
    /^(http:\/\/(?:\[::1\]|[^/:?]+))(?::\d+)?(.*)$/.exec(uri) ?? [];
  const name = host.slice("http://".length).replace(/[[\]]/g, "");
  const text = `import { on, once } from "node:events";
import { createServer } from "node:http";
import { createClient } from "@latchkey/sdk";

const server = createServer().listen(0, ${js(name)}); // any port will do (RFC 8252)
await once(server, "listening");
const here = ${js(`${host}:`)} + server.address().port + ${js(path)};
${clientCode(app, "here")}

const login = await client.startLogin();
console.log("Open this address in a browser and log in:\\n" + login.url);
for await (const [request, response] of on(server, "request")) {
  if (!URL.parse(request.url, here)?.searchParams.has("state")) {
    response.writeHead(404).end(); // an icon, for instance
    continue;
  }
  response.setHeader("connection", "close").end("It is safe to close this window.");
  server.close();
  const { access_token, installation, user } = await client.exchangeCode(client.readCallback(request.url, login));
  console.log(\`Logged in as \${user.firstName} of \${installation.name}\`);
  break;
}
`;
  return {
    id: "cli",
    title: "Command line",
    words: `npm install @latchkey/sdk, and save it as login.mjs. ${loopback === undefined ? "Register http://127.0.0.1/callback first; its port does not matter." : "The port of the redirect URI does not matter."}`,
    text,
  };
}
