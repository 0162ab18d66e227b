import type { TestContext } from "node:test";
import { AppLoginError, type Client, createClient, type StartedLogin, type TokenResponse } from "@latchkey/sdk";
import { Hono } from "hono";
import { html } from "hono/html";
import { listen } from "../../src/listen.ts";
import type { House } from "./house.ts";
import { type TestApp, worldOf } from "./world.ts";

/** An app as its developer runs it: a server on another origin, the SDK, and after the login a page on a third one. */
export interface AppServer {
  app: TestApp;
  client: Client;
  /** `http://127.0.0.1:port`, another site than the house's `localhost`. */
  origin: string;
  /** Where a login ends, on a third site. */
  welcome: RegExp;
  /** What came back to the redirect URI, in order. */
  callbacks: { url: URL; referrer: string | undefined }[];
  grants: TokenResponse[];
}

/** @param more members of the app in wire section 8 */
export async function openAppServer(
  t: TestContext,
  house: House,
  more: Record<string, unknown> = {},
): Promise<AppServer> {
  const pages = new Hono();
  const { port, stop } = await listen(pages, { host: "127.0.0.1", port: 0 });
  t.after(() => stop(0));
  const origin = `http://127.0.0.1:${port}`;
  const third = `http://third.localhost:${port}`; // browsers find it on this machine without asking anybody
  const app = await worldOf(house).registerApp({ redirectUris: [`${origin}/callback`], ...more });
  const { clientId, clientSecret } = app;
  const secret = clientSecret === undefined ? {} : { clientSecret };
  const client = createClient({ issuer: house.config.url, clientId, ...secret, redirectUri: `${origin}/callback` });
  const logins = new Map<string, StartedLogin>(); // by state: two tabs may be logging in at once
  const callbacks: AppServer["callbacks"] = [];
  const grants: TokenResponse[] = [];

  pages.get("/", (c) => c.html(START));
  pages.get("/login", async (c) => {
    const login = await client.startLogin(c.req.query());
    logins.set(login.state, login);
    return c.redirect(login.url, 303);
  });
  pages.get("/callback", async (c) => {
    const url = new URL(c.req.url);
    callbacks.push({ url, referrer: c.req.header("referer") });
    const state = url.searchParams.get("state") ?? "";
    const login = logins.get(state);
    logins.delete(state); // a login is finished once
    if (!login) return c.redirect(`${third}/welcome?text=${encodeURIComponent("Nobody started this login.")}`, 303);
    const text = await finish(c.req.url, login).catch((error) => {
      if (error instanceof AppLoginError) return `Refused: ${error.code}`;
      throw error;
    });
    return c.redirect(`${third}/welcome?text=${encodeURIComponent(text)}`, 303);
  });
  pages.get("/welcome", (c) => c.html(welcome(c.req.query("text") ?? "")));

  async function finish(url: string, login: StartedLogin): Promise<string> {
    const grant = await client.exchangeCode(client.readCallback(url, login));
    grants.push(grant);
    return `Hello ${grant.user.firstName} of ${grant.installation.name}`;
  }

  return { app, client, origin, welcome: new RegExp(`^${third.replaceAll(".", "\\.")}/welcome`), callbacks, grants };
}

const START = html`<!doctype html><title>An app</title>
<a href="/login">Log in</a>
<button onclick="open('/login', 'login', 'width=480,height=640')">Log in by a popup</button>
<output></output>
<script>addEventListener("message", (event) => { document.querySelector("output").textContent = event.data; });</script>`;

/** In a popup it hands over what it has and goes away. */
const welcome = (text: string) => html`<!doctype html><title>Welcome</title>
<h1>${text}</h1>
<script>if (opener) { opener.postMessage(document.querySelector("h1").textContent, "*"); close(); }</script>`;
