import type { Deps } from "../../deps.ts";
import type { Region } from "./regions.ts";

/** What codes and tokens say of their origin: true for ever of who they are for, and until a move of where. */
export interface Origin {
  installationId: number;
  region: string;
}

/** The region an installation lives in: by its route where it has moved, else as its origin says. */
export const regionOf = (deps: Deps, { installationId, region }: Origin): Region | undefined =>
  deps.regions.find(deps.apps.movedTo(installationId) ?? region);

/**
 * What `find` finds in the region of an installation, and that region.
 *
 * A server that does not hear of the directory's changes may look where the installation was. So where nothing is found
 * and the installation is not there either, the directory is asked, before anybody is refused.
 * @throws {DatabaseUnavailable}
 */
export async function findWhereItLives<T>(
  deps: Deps,
  origin: Origin,
  find: (region: Region) => Promise<T | undefined>,
): Promise<{ region: Region; found: T } | undefined> {
  const region = regionOf(deps, origin);
  const found = region && (await find(region));
  if (region && found !== undefined) return { region, found };
  if (deps.apps.isFresh()) return undefined;
  if (await region?.store.installations.find(origin.installationId)) return undefined;
  const route = await deps.directory.routes.findInstallation(origin.installationId);
  const other = route && deps.regions.find(route.region);
  if (!other || other === region) return undefined;
  const there = await find(other);
  return there === undefined ? undefined : { region: other, found: there };
}

/**
 * What `find` finds by a name that tells only in which region it was made: there, or where installations have moved to.
 * Without moves that is one region.
 */
export async function findAnywhere<T>(
  deps: Deps,
  regionName: string,
  find: (region: Region) => Promise<T | undefined>,
): Promise<{ region: Region; found: T } | undefined> {
  for (const name of new Set([regionName, ...deps.apps.moveTargets()])) {
    const region = deps.regions.find(name);
    const found = region && (await find(region));
    if (region && found !== undefined) return { region, found };
  }
  return undefined;
}
