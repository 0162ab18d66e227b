import type { PageRoute } from "../portal/page-route.ts";
import { connectedAppPages } from "./apps.ts";
import { passwordPages } from "./password.ts";
import { profilePages } from "./profile.ts";
import { sessionPages } from "./sessions.ts";

/** What a person may see and change of their own account. */
export const accountPages: readonly PageRoute[] = [
  ...profilePages,
  ...passwordPages,
  ...sessionPages,
  ...connectedAppPages,
];
