import type { Deps } from "../../deps.ts";
import type { OwnUserRecord } from "../../store/region/own-users.ts";
import { actorName, auditEntry } from "../audit.ts";
import { requireStaying } from "../moving/staying.ts";
import { problemsOf, type Refused } from "../refused.ts";
import { type InRegions, readRegionsOf } from "../regions/of-account.ts";
import type { Region } from "../regions/regions.ts";
import { regionOf } from "../regions/whereabouts.ts";
import type { Actor } from "../teams/teams.ts";

/** One of a person's users, and where it lives. */
export interface OwnUser extends OwnUserRecord {
  region: string;
}

export interface OwnAccount {
  /** `undefined` while the home region does not answer. */
  account: { email: string; createdAt: number; passwordChangedAt: number | null } | undefined;
  users: InRegions<OwnUser>;
}

/** What a person sees of themselves: the account in its home, the users wherever they live. */
export async function findOwnAccount(deps: Deps, actor: Actor): Promise<OwnAccount> {
  const [account, users] = await Promise.all([
    deps.regions
      .find(actor.region)
      ?.store.accounts.find(actor.accountId)
      .catch((error: unknown) => {
        deps.log.warn({ err: error, region: actor.region }, "an account cannot be shown");
        return undefined;
      }),
    findOwnUsers(deps, actor),
  ]);
  return { account, users };
}

export const findOwnUsers = (deps: Deps, { accountId }: Actor): Promise<InRegions<OwnUser>> =>
  readRegionsOf(deps, accountId, async ({ name, store }) =>
    (await store.ownUsers.ofAccount(accountId)).map((user) => ({ ...user, region: name })),
  );

export interface FoundOwnUser {
  region: Region;
  user: OwnUserRecord;
}

/** The person's user in an installation, or `undefined`: there is none, or it is somebody else's. @throws {DatabaseUnavailable} */
export async function findOwnUser(
  deps: Deps,
  { accountId }: Actor,
  place: { region: string; installationId: number },
): Promise<FoundOwnUser | undefined> {
  const region = regionOf(deps, place);
  const found = (await region?.store.ownUsers.ofAccount(accountId)) ?? [];
  const user = found.find(({ installationId }) => installationId === place.installationId);
  return region && user && { region, user };
}

const NAME_LENGTH_MAX = 100;

/** @param name  `version` is that of the user as the person saw it: what somebody else wrote since is not overwritten. */
export async function renameOwnUser(
  { accountId }: Actor,
  { region, user }: FoundOwnUser,
  name: { firstName: string; lastName: string; version: number },
): Promise<{ renamed: true } | Refused> {
  const [firstName, lastName] = [name.firstName.trim(), name.lastName.trim()];
  const problems = problemsOf({
    firstName: firstName === "" && lastName === "" ? "Enter a name." : tooLong(firstName),
    lastName: tooLong(lastName),
  });
  if (problems) return { problems };
  const { installationId, userId } = user;
  const target = `${region.name}-${installationId}/${userId}`;
  const fields = [
    ...(firstName === user.firstName ? [] : ["firstName"]),
    ...(lastName === user.lastName ? [] : ["lastName"]),
  ];
  const entry = auditEntry(actorName({ accountId }), "user.rename", target, region.now(), { fields });
  const { version } = name;
  const renamed = await region.store.ownUsers.rename({ installationId, userId, version, firstName, lastName }, entry);
  if (renamed) return { renamed };
  await requireStaying(region, "installation", installationId);
  return { stale: true };
}

const tooLong = (name: string) =>
  [...name].length > NAME_LENGTH_MAX ? `At most ${NAME_LENGTH_MAX} characters.` : undefined;
