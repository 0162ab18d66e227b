import { Hono } from "hono";
import type { Deps } from "./deps.ts";
import { OAuthError } from "./errors.ts";
import { assetRoutes } from "./http/assets.ts";
import type { HttpEnv } from "./http/context.ts";
import { demoApiRoutes } from "./http/demo/api.ts";
import { demoAppRoutes } from "./http/demo/app.ts";
import { outboxRoutes } from "./http/dev/outbox.ts";
import { framed } from "./http/frame.ts";
import { healthRoutes } from "./http/health.ts";
import { tokenRoutes } from "./http/launchpad/token.ts";
import { userinfoRoutes } from "./http/launchpad/userinfo.ts";
import { forgotPasswordRoutes } from "./http/login/forgot-password.ts";
import { linkRoutes } from "./http/login/links.ts";
import { sessionRoutes } from "./http/login/session.ts";
import { startRoutes } from "./http/login/start.ts";
import { stepRoutes } from "./http/login/steps.ts";
import { metricsRoutes } from "./http/metrics.ts";
import { discoveryRoutes } from "./http/oauth/discovery.ts";
import { tokenStateRoutes } from "./http/oauth/tokens.ts";
import type { Ask } from "./http/talk.ts";
import { TooBusy } from "./password.ts";
import { DatabaseUnavailable } from "./store/database.ts";

type Routes = (deps: Deps, ask: Ask) => Hono<HttpEnv>;

/** What logins, exchanges and checks need: one line for each part of it. */
const ROUTES: readonly Routes[] = [
  // the login: wire sections 1 to 3
  startRoutes,
  stepRoutes,
  sessionRoutes,
  forgotPasswordRoutes,
  linkRoutes,
  // codes and tokens: sections 4 to 6
  tokenRoutes,
  userinfoRoutes,
  tokenStateRoutes,
  discoveryRoutes,
  // operation
  assetRoutes,
  healthRoutes,
  metricsRoutes,
  // a developer's own machine
  outboxRoutes,
  demoApiRoutes,
  demoAppRoutes,
];

/** What many servers are never asked for, and weighs more than all the rest: each an app of its own, loaded at its first request. */
const LATER: readonly { under: readonly string[]; load: () => Promise<Routes> }[] = [
  {
    // the portal, the account pages, the operator's pages
    under: ["/portal/*", "/account/*", "/operator/*"],
    load: async () => (await import("./http/portal/routes.ts")).portalRoutes,
  },
  {
    // the operator's API: section 8
    under: ["/admin/*"],
    load: async () => (await import("./http/admin/routes.ts")).adminRoutes,
  },
];

/** Everything that answers HTTP, ready to be listened on or called without a port. */
export function createApp(deps: Deps): Hono<HttpEnv> {
  const ask: Ask = (request, remoteAddress) => app.fetch(request, { incoming: { socket: { remoteAddress } } });
  const routes = new Hono<HttpEnv>();
  for (const routesOf of ROUTES) routes.route("/", routesOf(deps, ask));
  const app = framed(routes, deps, refusalOf);
  for (const { under, load } of LATER) {
    let loading: Promise<Hono<HttpEnv>> | undefined;
    const loaded = () => {
      loading ??= load().then((routesOf) => framed(routesOf(deps, ask), deps, refusalOf));
      return loading;
    };
    for (const path of under) app.all(path, async (c) => (await loaded()).fetch(c.req.raw, c.env));
  }
  return app;
}

/** Errors that are nobody's fault and go away by themselves. */
function refusalOf(error: Error): OAuthError | undefined {
  if (error instanceof TooBusy)
    return new OAuthError("temporarily_unavailable", "Too many people are logging in right now.", {
      retryAfterSeconds: 2,
    });
  if (error instanceof DatabaseUnavailable)
    return new OAuthError("temporarily_unavailable", sentenceOf(error), {
      retryAfterSeconds: 5,
      detail: `${error.database}: ${error.outcome}`,
    });
  return undefined;
}

function sentenceOf({ database, outcome }: DatabaseUnavailable): string {
  if (outcome === "unknown")
    return "The database was lost while it answered: whether the request took effect cannot be found out.";
  if (database === "directory")
    return "The directory cannot be reached right now: apps, credentials, regions and who belongs where can be neither read anew nor changed. Logins, exchanges and checks go on.";
  return "A database cannot be reached right now. Try again in a few seconds.";
}
