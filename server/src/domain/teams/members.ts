import type { Deps } from "../../deps.ts";
import { actorName, auditEntry } from "../audit.ts";
import type { Refused } from "../refused.ts";
import { dismissFromSandbox } from "./sandbox-people.ts";
import type { Actor, OwnTeam, TeamMember, TeamRole } from "./teams.ts";

export const TEAM_ROLES: readonly TeamRole[] = ["owner", "admin", "developer", "viewer"];

/** A member as the others see them. */
export interface NamedMember extends TeamMember {
  /** `undefined` while the region that keeps it does not answer, or when the account is gone. */
  email: string | undefined;
  /** The region does not answer. */
  unreachable: boolean;
}

/** Who is in the team, the first one first. Their e-mails come from their own regions. */
export async function membersOf(deps: Deps, teamId: string): Promise<NamedMember[]> {
  const members = await deps.directory.teams.members(teamId);
  return Promise.all(members.map((member) => named(deps, member)));
}

async function named(deps: Deps, member: TeamMember): Promise<NamedMember> {
  try {
    const account = await deps.regions.require(member.accountRegion).store.accounts.find(member.accountId);
    return { ...member, email: account?.email, unreachable: false };
  } catch (error) {
    deps.log.warn({ err: error, region: member.accountRegion }, "a team's member cannot be named");
    return { ...member, email: undefined, unreachable: true };
  }
}

/** Another role for a member. Only owners make owners, and only they may take it from one. */
export async function changeRole(
  deps: Deps,
  actor: Actor,
  team: OwnTeam,
  accountId: string,
  role: TeamRole,
): Promise<{ role: TeamRole } | Refused> {
  const refused = await outOfReach(deps, team, accountId, role);
  if (refused) return refused;
  const entry = entryOf(deps, actor, "team.member.change", team, { member: accountId, role });
  if (await deps.directory.teams.changeRole(team.teamId, accountId, role, entry)) return { role };
  return LAST_OWNER;
}

export async function removeMember(
  deps: Deps,
  actor: Actor,
  team: OwnTeam,
  accountId: string,
): Promise<{ removed: true } | Refused> {
  const leaving = accountId === actor.accountId;
  const refused = leaving ? undefined : await outOfReach(deps, team, accountId, undefined);
  if (refused) return refused;
  const entry = entryOf(deps, actor, leaving ? "team.leave" : "team.member.remove", team, { member: accountId });
  if (!(await deps.directory.teams.removeMember(team.teamId, accountId, entry))) return LAST_OWNER;
  await dismissFromSandbox(deps, team, accountId, actorName(actor)).catch((error: unknown) =>
    deps.log.warn({ err: error, teamId: team.teamId }, "a former member still has a user in the team's sandbox"),
  );
  return { removed: true };
}

async function outOfReach(deps: Deps, team: OwnTeam, accountId: string, role: TeamRole | undefined) {
  const member = (await deps.directory.teams.members(team.teamId)).find((one) => one.accountId === accountId);
  if (!member) return { conflict: "This person is no longer in the team." };
  if (team.role !== "owner" && (member.role === "owner" || role === "owner"))
    return { conflict: "Only owners can make somebody an owner, or change one." };
  return undefined;
}

const LAST_OWNER: Refused = {
  conflict: "A team keeps at least one owner. Make somebody else an owner first.",
};

const entryOf = (deps: Deps, actor: Actor, action: string, team: OwnTeam, detail: Record<string, unknown>) =>
  auditEntry(actorName(actor), action, team.teamId, deps.now(), detail);
