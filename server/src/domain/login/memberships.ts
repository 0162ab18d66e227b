import type { Deps } from "../../deps.ts";
import type { App } from "../../store/directory/apps.ts";
import type { Membership } from "../../store/region/users.ts";
import { readRegionsOf } from "../regions/of-account.ts";
import type { Region } from "../regions/regions.ts";
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

/** What `placeName` made, as it stands in paths and forms. */
export function readPlace(text: string | undefined): { region: string; installationId: number } | undefined {
  const [, region, id] = /^([A-Z][A-Z0-9]{1,15})-([1-9]\d{0,9})$/.exec(text ?? "") ?? [];
  const installationId = Number(id);
  return region === undefined || installationId > 2 ** 31 - 1 ? undefined : { region, installationId };
}

export const placeName = (place: Pick<Place, "region" | "installationId">): string =>
  `${place.region.name}-${place.installationId}`;

/** All users of an account, in whatever regions they live. */
export async function findPlaces(deps: Deps, app: App, accountId: string, known?: KnownUsers): Promise<Places> {
  const { found, unavailableRegions } = await readRegionsOf(deps, accountId, async (region) => {
    const users = region === known?.region ? known.users : await region.store.users.ofAccount(accountId, app.clientId);
    return users.map((user): Place => {
      const moved = deps.apps.movedTo(user.installationId) !== undefined;
      return withReason(app, { ...user, region, moved });
    });
  });
  return { all: found, unavailableRegions };
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
