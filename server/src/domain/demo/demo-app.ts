import type { Deps } from "../../deps.ts";
import { changeApp, registerApp } from "../apps/manage-apps.ts";
import { redirectUriProblem } from "../apps/redirect-uri.ts";
import type { App } from "../apps/registry.ts";
import { addAppSecret, deleteAppSecret, findSecret } from "../apps/secrets.ts";
import { isRefused } from "../refused.ts";
import { readDemoFile } from "./demo-file.ts";

/** The demo app's page, and where it waits for its users. No other app has these addresses: they are what it is known by. */
export const DEMO_APP_PATH = "/demo/app";
export const DEMO_CALLBACK_PATH = "/demo/app/callback";

/** Of the developer's own programs: a server, a command line (any port, RFC 8252 §7.3), and one with a scheme of its own. */
const OWN_REDIRECT_URIS = [
  "http://localhost:3000/callback",
  "http://127.0.0.1/callback",
  "customprotocolapp://whatever",
];

/** The demo's own secrets: the one an app is registered with has no name. */
const SECRET_NAMES: readonly string[] = ["", "demo.json"];

export const demoRedirectUri = ({ config }: Pick<Deps, "config">): string => config.url + DEMO_CALLBACK_PATH;

export function findDemoApp(deps: Pick<Deps, "apps">): App | undefined {
  for (const app of deps.apps.all())
    if (hasPath(app.url, DEMO_APP_PATH) || app.redirectUris.some(isDemoCallback)) return app;
  return undefined;
}

/** Whatever LATCHKEY_URL was then. */
const hasPath = (address: string, path: string) => /^https?:/.test(address) && URL.parse(address)?.pathname === path;
const isDemoCallback = (uri: string) => hasPath(uri, DEMO_CALLBACK_PATH);

export interface SeededApp {
  app: App;
  clientSecret: string;
  /** Deletes the secrets that got lost; to be called when the new one is kept. */
  forgetOthers(): Promise<void>;
}

/** The demo app with a secret that works: the one in `demo.json`, or a fresh one where that is lost. */
export async function seedDemoApp(deps: Deps, actor: string): Promise<SeededApp> {
  const kept = (await readDemoFile(deps))?.apps[0];
  const found = (kept && deps.apps.find(kept.clientId)) ?? findDemoApp(deps);
  if (!found) return register(deps, actor);
  const app = await withOwnCallback(deps, found, actor);
  if (kept?.clientId === app.clientId && findSecret(app, kept.clientSecret, deps.now()))
    return { app, clientSecret: kept.clientSecret, forgetOthers: async () => {} };

  const fresh = await addAppSecret(deps, app, { name: "demo.json", expiresAt: null }, actor);
  if (isRefused(fresh)) throw new Error(`The demo app's new secret was refused: ${JSON.stringify(fresh)}`);
  return {
    app,
    clientSecret: fresh.clientSecret,
    async forgetOthers() {
      for (const secret of app.secrets)
        if (SECRET_NAMES.includes(secret.name)) await deleteAppSecret(deps, app, secret, actor);
    },
  };
}

async function register(deps: Deps, actor: string): Promise<SeededApp> {
  const scopes = deps.apps.scopes();
  const draft = {
    name: "Demo app",
    kind: "confidential",
    status: "live",
    redirectUris: [...callbacks(deps), ...OWN_REDIRECT_URIS],
    allowedOrigins: [],
    scopes: ["projects", "desk"].filter((name) => scopes.has(name)),
    testInstallations: [],
    tokens: "permanent",
    codeLifetimeSeconds: 900,
    trusted: false,
    pkceCompat: false,
    idTokenSignedResponseAlg: "RS256",
    icon: "",
    url: deps.config.url + DEMO_APP_PATH,
    description: "Shows the five steps of the App Login Flow, request by request.",
  } as const;
  const result = await registerApp(deps, draft, actor);
  if (isRefused(result) || result.clientSecret === undefined)
    throw new Error(`The demo app was refused: ${JSON.stringify(result)}`);
  return { app: result.app, clientSecret: result.clientSecret, forgetOthers: async () => {} };
}

/** None where LATCHKEY_URL is plain http on another machine's address: such a redirect URI is refused, also to us. */
function callbacks(deps: Deps): string[] {
  const uri = demoRedirectUri(deps);
  return redirectUriProblem(uri, { plainHttp: deps.config.plainHttpRedirects }) === undefined ? [uri] : [];
}

/** The app as its developer has changed it, except that its page must be where LATCHKEY_URL is now. */
async function withOwnCallback(deps: Deps, app: App, actor: string): Promise<App> {
  const own = callbacks(deps);
  if (own.every((uri) => app.redirectUris.includes(uri))) return app;
  const redirectUris = [...own, ...app.redirectUris.filter((uri) => !isDemoCallback(uri))];
  const result = await changeApp(deps, app, { ...app, redirectUris, url: deps.config.url + DEMO_APP_PATH }, actor);
  if (isRefused(result)) throw new Error(`The demo app's change was refused: ${JSON.stringify(result)}`);
  return result.app;
}
