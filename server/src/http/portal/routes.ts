import type { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { accountPages } from "../account/pages.ts";
import type { HttpEnv } from "../context.ts";
import { appPages } from "./apps.ts";
import { chartPages } from "./charts.ts";
import { logPages } from "./logs.ts";
import { membersPages } from "./members.ts";
import { type PageRoute, pageRoutes } from "./page-route.ts";
import { publisherPages } from "./publisher.ts";
import { sandboxPages } from "./sandbox.ts";
import { teamPages } from "./teams.ts";

/** Every page behind the portal's login, in one list; the tests of who may do what walk it. */
export const SIGNED_IN_PAGES: readonly PageRoute[] = [
  ...teamPages,
  ...membersPages,
  ...sandboxPages,
  ...publisherPages,
  ...appPages,
  ...logPages,
  ...chartPages,
  ...accountPages,
];

export const signedInRoutes = (deps: Deps): Hono<HttpEnv> => pageRoutes(deps, SIGNED_IN_PAGES);
