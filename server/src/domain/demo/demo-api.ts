import type { Deps } from "../../deps.ts";
import type { Installation } from "../installations/manage-installations.ts";
import type { User } from "../installations/manage-users.ts";
import type { CheckedToken } from "../tokens/check-token.ts";

/** What the demo API knows: whose token it is, as the installation's own API would. `undefined` when gone meanwhile. */
export const findPerson = (deps: Deps, { region, installationId, userId }: CheckedToken): Promise<User | undefined> =>
  deps.regions.require(region).store.users.find(installationId, userId);

export const findAccountOf = (
  deps: Deps,
  { region, installationId }: CheckedToken,
): Promise<Installation | undefined> => deps.regions.require(region).store.installations.find(installationId);
