import type { Deps } from "../../deps.ts";
import { hashSecret } from "../../secrets.ts";
import type { App } from "../../store/directory/apps.ts";
import type { ActiveToken } from "../../store/region/tokens.ts";
import { findWhereItLives } from "../regions/whereabouts.ts";
import { readAccessToken } from "./credentials.ts";

export interface CheckedToken extends ActiveToken {
  region: string;
  app: App;
}

/**
 * The token, if it counts at this moment: neither revoked nor expired, its app live, its user enabled, its installation there.
 * One read in the region that the token names, or its installation's route; `undefined` for everything else, told apart nowhere.
 *
 * @param requestId for the timeline, if this is the first time that the token is used.
 */
export async function checkToken(deps: Deps, token: string, requestId = ""): Promise<CheckedToken | undefined> {
  const hint = readAccessToken(token);
  if (!hint) return undefined;
  const hash = hashSecret(token);
  const active = await findWhereItLives(deps, hint, ({ store, now }) => store.tokens.findActive(hash, now()));
  const app = active && deps.apps.find(active.found.clientId);
  if (!app || app.status === "suspended") return undefined;
  deps.tokenUses.note(active.region, hash, active.found, requestId);
  return Object.assign(active.found, { region: active.region.name, app });
}
