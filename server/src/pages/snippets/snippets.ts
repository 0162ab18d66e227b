import { browserSnippet, cliSnippet, extensionSnippet } from "./apart.ts";
import { type AppValues, isLoopback, type Snippet } from "./app-values.ts";
import { curlSnippet } from "./curl.ts";
import { expressSnippet, fastifySnippet, honoSnippet, nextSnippet } from "./node.ts";
import { goSnippet, phpSnippet, pythonSnippet } from "./others.ts";

export type { AppValues, Snippet } from "./app-values.ts";

/** What fits a kind of app comes first; what is left follows, for an app may have more than one side. */
const FIRST: Readonly<Record<string, readonly string[]>> = {
  web: ["curl", "express", "fastify", "hono", "next", "python", "php", "go"],
  spa: ["browser", "curl"],
  extension: ["extension", "curl"],
  native: ["cli", "curl"],
  cli: ["cli", "curl"],
};

/** @param redirectUris all that are registered. */
export function snippetsFor(platform: string, app: AppValues, redirectUris: readonly string[]): Snippet[] {
  const all = [
    curlSnippet(app),
    expressSnippet(app),
    fastifySnippet(app),
    honoSnippet(app),
    nextSnippet(app),
    browserSnippet(app),
    extensionSnippet(withUri(app, redirectUris, (uri) => uri.includes(".chromiumapp.org/"))),
    cliSnippet(app, redirectUris.find(isLoopback)),
    pythonSnippet(app),
    phpSnippet(app),
    goSnippet(app),
  ];
  const first = FIRST[platform] ?? [];
  const rank = ({ id }: Snippet) => (first.includes(id) ? first.indexOf(id) : first.length);
  return all.sort((a, b) => rank(a) - rank(b));
}

const withUri = (app: AppValues, uris: readonly string[], fits: (uri: string) => boolean): AppValues => ({
  ...app,
  redirectUri: uris.find(fits) ?? app.redirectUri,
});
