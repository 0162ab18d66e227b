import type { Deps } from "../../deps.ts";
import type { App } from "../../store/directory/apps.ts";
import type { Membership } from "../../store/region/users.ts";
import type { Region } from "../regions/regions.ts";
import { withoutDirectory } from "../unavailable.ts";
import type { Login } from "./login.ts";

/** One of the person's users, with its installation and where that lives. */
export interface Place extends Membership {
  region: Region;
  /** It came from another region, so that a name of before may name it still. */
  moved: boolean;
  /** Why it cannot be chosen, as a sentence for its user. */
  closed?: string;
}

/** A person's users of one region that were read already, for the app in question. */
export interface KnownUsers {
  region: Region;
  users: readonly Membership[];
}

export interface Places {
  all: readonly Place[];
  /** Regions in which the person has users, and which do not answer. */
  unavailableRegions: readonly string[];
}

export const placeName = (place: Pick<Place, "region" | "installationId">): string =>
  `${place.region.name}-${place.installationId}`;

/**
 * All users of an account: the directory says in which regions, and those are read at once. While it is down all regions
 * are, and none that does not answer can be said to hold nothing.
 */
export async function findPlaces(deps: Deps, app: App, accountId: string, known?: KnownUsers): Promise<Places> {
  const homes = await withoutDirectory(
    () => installationsByRegion(deps, accountId),
    () => undefined,
  );
  const names = homes ? [...new Set(homes.values())] : deps.regions.all.map(({ name }) => name);
  const found = await Promise.all(
    names.map(async (name) => {
      const region = deps.regions.find(name);
      try {
        const users =
          known && region === known.region
            ? known.users
            : ((await region?.store.users.ofAccount(accountId, app.clientId)) ?? []);
        return users
          .filter(
            ({ installationId }) =>
              (homes ? homes.get(installationId) : (deps.apps.movedTo(installationId) ?? name)) === name,
          )
          .flatMap((user): Place[] => {
            const moved = deps.apps.movedTo(user.installationId) !== undefined;
            return region ? [withReason(app, { ...user, region, moved })] : [];
          });
      } catch (error) {
        deps.log.warn({ err: error, region: name }, "a region cannot be shown in the chooser");
        return name;
      }
    }),
  );
  return {
    all: found.filter((places) => typeof places !== "string").flat(),
    unavailableRegions: found.filter((places) => typeof places === "string"),
  };
}

/** While an installation moves it stands in two regions, and lives in one. */
async function installationsByRegion(deps: Deps, accountId: string): Promise<ReadonlyMap<number, string>> {
  const routes = await deps.directory.routes.installationsOfAccount(accountId);
  return new Map(
    routes.map(({ installationId, region }) => [installationId, deps.apps.movedTo(installationId) ?? region]),
  );
}

function withReason(app: App, place: Place): Place {
  if (place.disabled) return { ...place, closed: "Your access here is switched off. Ask an admin." };
  if (!isOpenTo(app, place.installationId))
    return { ...place, closed: "This app is still in development and not open to this installation." };
  return place;
}

/** An app that is not live serves its test installations only. */
export const isOpenTo = (app: App, installationId: number): boolean =>
  app.status === "live" || app.testInstallations.includes(installationId);

/** The installation that was chosen or hinted at, if the person can go there. */
export function preferredPlace(login: Login, open: readonly Place[]): Place | undefined {
  const named = (name: string | undefined) =>
    name === undefined
      ? undefined
      : open.find(
          (place) =>
            placeName(place) === name ||
            String(place.installationId) === name ||
            (place.moved && name.endsWith(`-${place.installationId}`)),
        );
  return (
    named(login.installation) ??
    named(login.request.installation) ??
    open.find((place) => new URL(place.installationUrl).host === login.host)
  );
}
