import { isInUse } from "../../domain/apps/secrets.ts";
import type { Platform } from "../../domain/teams/teams.ts";
import { credentialsPage } from "../../pages/portal/app-credentials.ts";
import type { Problems } from "../../pages/portal/app-frame.ts";
import type { UriTest } from "../../pages/portal/redirect-uris.ts";
import type { HttpContext } from "../context.ts";
import { formsOf, frameOf, mayChange, secretsSeen } from "./app-scene.ts";
import type { AppScene } from "./page-route.ts";

/** What an answer adds to the page as it stands. */
export interface Said {
  fresh?: string | undefined;
  typed?: Readonly<Record<string, string>>;
  problems?: Problems;
  uriTest?: UriTest;
  storedTokens?: string | undefined;
  storedLifetime?: string | undefined;
}

const EXAMPLES: Readonly<Record<Platform, string>> = {
  web: "https://app.example.com/callback",
  spa: "http://localhost:5173/callback",
  extension: "https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/",
  native: "com.example.app:/callback",
  cli: "http://127.0.0.1/callback",
};

/** What a redirect URI of such an app may look like. */
export const exampleUri = ({ platform }: Pick<AppScene["teamApp"], "platform">): string => EXAMPLES[platform];

export function credentials(c: HttpContext, scene: AppScene, said: Said = {}): string {
  const { deps, app, teamApp } = scene;
  const { url } = deps.config;
  const now = deps.now();
  const forms = formsOf(scene);
  return credentialsPage({
    ...frameOf(c, scene, "/credentials"),
    ...said,
    formTo: (path, more = {}) => forms(path, { secrets: secretsSeen(scene), ...more }),
    mayChange: mayChange(scene),
    isPublic: app.kind === "public",
    secrets: app.secrets.map((secret) => ({
      ...secret,
      expired: secret.expiresAt !== null && secret.expiresAt <= now,
      inUse: isInUse(secret, now),
    })),
    redirectUris: app.redirectUris.map((uri) => ({ uri, note: noteOn(uri, app.redirectUris) })),
    uriExample: exampleUri(teamApp),
    origins: app.allowedOrigins,
    tokens: app.tokens,
    codeLifetimeSeconds: app.codeLifetimeSeconds,
    endpoints: [
      { label: "Login", url: `${url}/launchpad/login` },
      { label: "Exchange", url: `${url}/launchpad/v1/token.json` },
      { label: "User info", url: `${url}/launchpad/v1/userinfo.json` },
      { label: "Revocation", url: `${url}/oauth2/revoke` },
      { label: "OpenID configuration", url: `${url}/.well-known/openid-configuration` },
    ],
    originCurl: `curl -i ${url}/launchpad/v1/token.json \\
  -H 'Origin: https://elsewhere.example' \\
  -d client_id=${app.clientId} -d code=any -d redirect_uri=any${app.kind === "public" ? "" : ' \\\n  -d "client_secret=$LATCHKEY_CLIENT_SECRET"'}`,
  });
}

function noteOn(uri: string, all: readonly string[]): string | undefined {
  if (uri.endsWith("/") && all.includes(uri.slice(0, -1)))
    return "Without the slash at the end it is registered, too. Remove the one that your app does not send.";
  const scheme = uri.slice(0, uri.indexOf(":"));
  if (scheme === "http" || scheme === "https") return undefined;
  return scheme.includes(".")
    ? undefined
    : `Another program can claim ${scheme}: too. A scheme with a dot, like com.example.app:, is yours alone.`;
}
