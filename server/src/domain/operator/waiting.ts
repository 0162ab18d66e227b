import type { Deps } from "../../deps.ts";
import type { App, AppStatus } from "../../store/directory/apps.ts";
import { portalCredential } from "../portal/portal-app.ts";
import { fromRegions } from "../regions/from-regions.ts";

/** All apps but the portal by their status, each list in the order of client ids. From memory: it can be asked while the directory is down. */
export function appsByStatus(deps: Pick<Deps, "apps" | "config" | "keys">): ReadonlyMap<AppStatus, readonly App[]> {
  const portal = portalCredential(deps).clientId;
  const others = [...deps.apps.all()].filter(({ clientId }) => clientId !== portal);
  const all = others.sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
  return Map.groupBy(all, ({ status }) => status);
}

const REQUESTS_MAX = 200;

/** Scopes that live apps ask for, by client id; at most 200 of a region. */
export async function scopeRequests(
  deps: Pick<Deps, "apps" | "regions" | "log">,
): Promise<{ requests: ReadonlyMap<string, readonly string[]>; unavailableRegions: readonly string[] }> {
  const { items, unavailableRegions } = await fromRegions(deps, deps.regions.all, ({ store }) =>
    store.appReviews.allAskedScopes("", REQUESTS_MAX),
  );
  const ofLiveApps = items.filter(({ clientId }) => deps.apps.find(clientId)?.status === "live");
  return { requests: new Map(ofLiveApps.map(({ clientId, scopes }) => [clientId, scopes])), unavailableRegions };
}
