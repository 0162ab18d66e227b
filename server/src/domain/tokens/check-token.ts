import type { Deps } from "../../deps.ts";
import { hashSecret } from "../../secrets.ts";
import type { App } from "../../store/directory/apps.ts";
import type { ActiveToken } from "../../store/region/tokens.ts";
import { readAccessToken } from "./credentials.ts";

export interface CheckedToken extends ActiveToken {
  region: string;
  app: App;
}

/**
 * The token, if it counts at this moment: neither revoked nor expired, its app live, its user enabled, its installation there.
 * One read in the region that the token names; `undefined` for everything else, told apart nowhere.
 */
export async function checkToken(deps: Deps, token: string): Promise<CheckedToken | undefined> {
  const hint = readAccessToken(token);
  const region = hint && deps.regions.find(hint.region);
  if (!region) return undefined;
  const found = await region.store.tokens.findActive(hashSecret(token), region.now());
  const app = found && deps.apps.find(found.clientId);
  if (!app || app.status === "suspended") return undefined;
  return { ...found, region: region.name, app };
}
