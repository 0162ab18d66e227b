import type { Deps } from "../../deps.ts";
import { normaliseEmail } from "../accounts/email.ts";
import { actorName } from "../audit.ts";
import { addUser, deleteUser } from "../installations/manage-users.ts";
import { hasWayIn } from "../portal/ways-in.ts";
import { isRefused, type Refused } from "../refused.ts";
import { regionOf } from "../regions/whereabouts.ts";
import { sandboxOf } from "./sandbox.ts";
import type { Team, TeamRole } from "./teams.ts";

/** Somebody who comes in to the portal by a team's sandbox, having no installation of their own that may open it. */
export interface SandboxPerson {
  accountId: string;
  /** The account's home. */
  region: string;
  email: string;
  firstName: string;
  lastName: string;
  role: TeamRole;
  /** The account is made after its user, so that nobody has an account and no way in. */
  made: boolean;
}

/**
 * Makes the person a user of the team's sandbox; does nothing where they are one.
 *
 * @throws {DatabaseUnavailable} the sandbox's region, or the directory, does not answer.
 */
export async function admitToSandbox(
  deps: Deps,
  team: Team,
  person: SandboxPerson,
): Promise<{ admitted: true } | Refused> {
  const sandbox = await sandboxOf(deps, team);
  const emailKey = normaliseEmail(person.email);
  if (!sandbox || emailKey === undefined) return NO_SANDBOX;
  const region = deps.regions.require(sandbox.region);
  const { installation } = sandbox;
  const { accountId, email, firstName, lastName, made } = person;
  if (!(await region.store.users.hasEmail(installation.installationId, emailKey))) {
    const role = person.role === "owner" || person.role === "admin" ? ("admin" as const) : ("member" as const);
    const added = await addUser(deps, region, installation, {
      draft: { firstName, lastName, avatar: "", role, disabled: false },
      userId: await deps.directory.ids.next("user"),
      ...{ email, emailKey },
      account: { accountId, region: person.region, made },
      actor: actorName({ accountId }),
    });
    if (isRefused(added) && !("conflict" in added)) return added;
  }
  return { admitted: true };
}

const NO_SANDBOX: Refused = {
  problems: { form: "The operator of this server deleted the team's sandbox, so there is no way in. Ask them." },
};

/**
 * Ends the person's user in a team's sandbox, and with it the portal's session and all tokens that go by it. Who is still in
 * another team, and could come in no more, gets a user in that one's sandbox.
 */
export async function dismissFromSandbox(deps: Deps, team: Team, accountId: string, actor: string): Promise<void> {
  const installationId = team.sandboxInstallationId;
  const route = installationId === null ? undefined : await deps.directory.routes.findInstallation(installationId);
  const region = route && regionOf(deps, route);
  const own = (await region?.store.ownUsers.ofAccount(accountId))?.find((one) => one.installationId === installationId);
  const user = own && (await region?.store.users.find(own.installationId, own.userId));
  if (!region || !user) return;
  await deleteUser(deps, region, user, actor);
  const [other] = await deps.directory.teams.ofAccount(accountId);
  if (!other || (await hasWayIn(deps, accountId))) return;
  const { email, firstName, lastName, accountRegion } = user;
  const person = { accountId, region: accountRegion, email, firstName, lastName, role: other.role, made: false };
  await admitToSandbox(deps, other, person);
}
