import type { PageRoute } from "../portal/page-route.ts";
import { appReviewPages } from "./app.ts";
import { appListPages } from "./apps.ts";
import { auditPages } from "./audit.ts";
import { overviewPages } from "./overview.ts";
import { regionPages } from "./region.ts";
import { userPages } from "./user.ts";

/** For accounts named by `npm run operator`; to everybody else there is nothing here. */
export const operatorPages: readonly PageRoute[] = [
  ...overviewPages,
  ...appListPages,
  ...appReviewPages,
  ...regionPages,
  ...userPages,
  ...auditPages,
];
