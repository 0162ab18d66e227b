import type { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { accountPages } from "../account/pages.ts";
import type { HttpEnv } from "../context.ts";
import type { Ask } from "../talk.ts";
import { overviewPages } from "./app-overview.ts";
import { secretPages } from "./app-secrets.ts";
import { settingPages } from "./app-settings.ts";
import { snippetPages } from "./app-snippets.ts";
import { appPages } from "./apps.ts";
import { chartPages } from "./charts.ts";
import { credentialPages } from "./credentials.ts";
import { logPages } from "./logs.ts";
import { membersPages } from "./members.ts";
import { newAppPages } from "./new-app.ts";
import { type PageRoute, pageRoutes } from "./page-route.ts";
import { publisherPages } from "./publisher.ts";
import { sandboxPages } from "./sandbox.ts";
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
  ...logPages,
  ...chartPages,
  ...trialPages,
  ...snippetPages,
  ...accountPages,
];

export const signedInRoutes = (deps: Deps, ask: Ask): Hono<HttpEnv> => pageRoutes(deps, SIGNED_IN_PAGES, ask);
