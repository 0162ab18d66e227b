import type { Deps } from "../../deps.ts";
import type { App } from "../../store/directory/apps.ts";
import { type Problems, problemsOf } from "../refused.ts";
import { trialRedirectUri } from "../trials/trial-login.ts";
import { websiteProblem } from "../web-addresses.ts";
import { iconProblem } from "./icon.ts";
import { originProblem } from "./origins.ts";
import { redirectUriProblem } from "./redirect-uri.ts";
import { BUILT_IN_SCOPES } from "./scopes.ts";

/** What a developer or operator says about an app. */
export type AppDraft = Omit<App, "clientId" | "createdAt" | "updatedAt" | "version" | "secrets">;

/** Why an app may not be as described, by field; `undefined` when it may. */
export function appProblems(deps: Pick<Deps, "apps" | "config">, draft: AppDraft): Problems | undefined {
  const rules = { plainHttp: deps.config.plainHttpRedirects };
  const scopes = deps.apps.scopes();
  return problemsOf({
    redirectUris: listProblem(draft.redirectUris, (uri) =>
      uri === trialRedirectUri(deps) ? "That address is the portal’s own." : redirectUriProblem(uri, rules),
    ),
    allowedOrigins: listProblem(draft.allowedOrigins, originProblem),
    scopes: listProblem(draft.scopes, (name) =>
      scopes.has(name) || BUILT_IN_SCOPES.has(name) ? undefined : "There is no such scope.",
    ),
    testInstallations: listProblem(draft.testInstallations.map(String), () => undefined),
    pkceCompat: draft.pkceCompat && draft.kind === "public" ? "Only confidential apps may have it." : undefined,
    icon: iconProblem(draft.icon),
    url: websiteProblem(draft.url),
  });
}

/** The first problem of a list, with the item that has it. */
function listProblem(items: readonly string[], problemOf: (item: string) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const problem = items.indexOf(item) < index ? "It is listed twice." : problemOf(item);
    if (problem !== undefined) return `${JSON.stringify(item.slice(0, 200))}: ${problem}`;
  }
  return undefined;
}
