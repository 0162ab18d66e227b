import type { Deps } from "../../deps.ts";
import type { App } from "../../store/directory/apps.ts";
import { milestonesOf } from "../timeline/read-timeline.ts";

/** How far an app has come, by what really happened. */
export interface FirstLogin {
  hasRedirectUri: boolean;
  loginStarted: boolean;
  exchanged: boolean;
  called: boolean;
  /** Seconds since 1970 UTC, as far back as logins are kept. */
  lastLoginAt: number | undefined;
}

export async function firstLoginOf(deps: Deps, app: App): Promise<FirstLogin> {
  const reached = await milestonesOf(deps, app.clientId);
  const called = reached.has("first_use");
  // Logins are forgotten after a while; that a secret was used is not.
  const exchanged = called || reached.has("exchange") || app.secrets.some(({ lastUsedAt }) => lastUsedAt !== null);
  return {
    hasRedirectUri: app.redirectUris.length > 0,
    loginStarted: exchanged || reached.has("start") || reached.has("code"),
    exchanged,
    called,
    lastLoginAt: reached.get("code"),
  };
}
