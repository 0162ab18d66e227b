import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { accountPages } from "../account/pages.ts";
import type { HttpEnv } from "../context.ts";
import { operatorPages } from "../operator/pages.ts";
import type { Ask } from "../talk.ts";
import { overviewPages } from "./app-overview.ts";
import { reviewPages } from "./app-review.ts";
import { secretPages } from "./app-secrets.ts";
import { settingPages } from "./app-settings.ts";
import { snippetPages } from "./app-snippets.ts";
import { appPages } from "./apps.ts";
import { chartPages } from "./charts.ts";
import { credentialPages } from "./credentials.ts";
import { joinRoutes } from "./join.ts";
import { portalLoginRoutes } from "./login.ts";
import { logPages } from "./logs.ts";
import { membersPages } from "./members.ts";
import { newAppPages } from "./new-app.ts";
import { type PageRoute, pageRoutes } from "./page-route.ts";
import { publisherPages } from "./publisher.ts";
import { sandboxPages } from "./sandbox.ts";
import { signUpRoutes } from "./sign-up.ts";
import { teamPages } from "./teams.ts";
import { trialPages } from "./trials.ts";

/** Every page behind the portal's login, in one list; the tests of who may do what walk it. */
export const SIGNED_IN_PAGES: readonly PageRoute[] = [
  ...teamPages,
  ...membersPages,
  ...sandboxPages,
  ...publisherPages,
  ...appPages,
  ...newAppPages,
  ...overviewPages,
  ...credentialPages,
  ...secretPages,
  ...settingPages,
  ...reviewPages,
  ...logPages,
  ...chartPages,
  ...trialPages,
  ...snippetPages,
  ...accountPages,
  ...operatorPages,
];

/** The portal, the account pages and the operator's pages, with the ways in. */
export const portalRoutes = (deps: Deps, ask: Ask): Hono<HttpEnv> =>
  new Hono<HttpEnv>()
    .route("/", portalLoginRoutes(deps))
    .route("/", signUpRoutes(deps))
    .route("/", joinRoutes(deps))
    .route("/", pageRoutes(deps, SIGNED_IN_PAGES, ask));
