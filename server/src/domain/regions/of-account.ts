import type { Deps } from "../../deps.ts";
import { withoutDirectory } from "../unavailable.ts";
import { fromRegions } from "./from-regions.ts";
import type { Region } from "./regions.ts";

/** What was found in several regions, and what could not be. */
export interface InRegions<Found> {
  found: readonly Found[];
  /** Regions in which there may be more, and which do not answer. */
  unavailableRegions: readonly string[];
}

/**
 * Reads every region in which the account has users, all at once: the directory says which these are. While it is down
 * all regions are read, and none that does not answer can be said to hold nothing.
 */
export async function readRegionsOf<Found extends { installationId: number }>(
  deps: Deps,
  accountId: string,
  read: (region: Region) => Promise<readonly Found[]>,
): Promise<InRegions<Found>> {
  const homes = await withoutDirectory(
    () => installationsByRegion(deps, accountId),
    () => undefined,
  );
  const names = homes ? [...new Set(homes.values())] : deps.regions.all.map(({ name }) => name);
  const livesIn = (installationId: number, name: string) =>
    (homes ? homes.get(installationId) : (deps.apps.movedTo(installationId) ?? name)) === name;
  const { items: found, unavailableRegions } = await fromRegions(
    deps,
    names.flatMap((name) => deps.regions.find(name) ?? []),
    async (region) => (await read(region)).filter(({ installationId }) => livesIn(installationId, region.name)),
  );
  return { found, unavailableRegions };
}

/** While an installation moves it stands in two regions, and lives in one. */
async function installationsByRegion(deps: Deps, accountId: string): Promise<ReadonlyMap<number, string>> {
  const routes = await deps.directory.routes.installationsOfAccount(accountId);
  return new Map(
    routes.map(({ installationId, region }) => [installationId, deps.apps.movedTo(installationId) ?? region]),
  );
}
