import { randomBytes } from "node:crypto";
import type { Deps } from "../../deps.ts";
import type { Team, TeamRole } from "../../store/directory/teams.ts";
import type { TeamProfile } from "../../store/region/team-profiles.ts";
import { actorName, auditEntry } from "../audit.ts";
import { countOneMore, emailBudgetKey, minutes } from "../login/failure-budgets.ts";
import { problemsOf, type Refused } from "../refused.ts";
import { sandboxOf } from "./sandbox.ts";

export type { Platform, Team, TeamApp, TeamMember, TeamRole } from "../../store/directory/teams.ts";
export type { TeamProfile } from "../../store/region/team-profiles.ts";

/** Who acts in the portal: an account, wherever it lives. */
export interface Actor {
  accountId: string;
  /** The account's home. */
  region: string;
}

/** A team as one of its members sees it. */
export interface OwnTeam extends Team {
  role: TeamRole;
  /** `undefined` while the region that keeps it does not answer. */
  profile: TeamProfile | undefined;
}

export const NAME_LENGTH_MAX = 100;

/** What one account may make in a day: each has a sandbox of its own. */
const TEAMS = { name: "team", failuresMax: 20, windowSeconds: 24 * 3_600 };

/** The account's teams, oldest first. */
export async function teamsOf(deps: Deps, actor: Actor): Promise<OwnTeam[]> {
  const teams = await deps.directory.teams.ofAccount(actor.accountId);
  return Promise.all(teams.map(async (team) => ({ ...team, profile: await profileOf(deps, team) })));
}

/** What the team is called; `undefined` while its region does not answer. */
export async function profileOf(deps: Deps, team: Team): Promise<TeamProfile | undefined> {
  try {
    return await deps.regions.find(team.region)?.store.teamProfiles.find(team.teamId);
  } catch (error) {
    deps.log.warn({ err: error, region: team.region }, "a team's profile cannot be read");
    return undefined;
  }
}

/**
 * A new team, at home where its maker's account lives. The profile goes first: without a team it is nobody's. One of that
 * id that is there already stays as it is.
 */
export async function createTeam(
  deps: Deps,
  actor: Actor,
  name: string,
  teamId = newTeamId(),
): Promise<{ teamId: string } | Refused> {
  const problems = problemsOf({ name: nameProblem(name, "the team") });
  if (problems) return { problems };
  const wait = await countOneMore(deps, TEAMS, emailBudgetKey(deps, TEAMS, actor.accountId));
  if (wait > 0) return { problems: { name: `You made many teams today. Try again in ${minutes(wait)}.` } };
  const now = deps.now();
  await deps.regions.require(actor.region).store.teamProfiles.create(teamId, name.trim(), now);
  const owner = {
    teamId,
    accountId: actor.accountId,
    accountRegion: actor.region,
    role: "owner" as const,
    createdAt: now,
  };
  const entry = auditEntry(actorName(actor), "team.create", teamId, now);
  const team = { teamId, region: actor.region, createdAt: now };
  if (!(await deps.directory.teams.create(team, owner, entry))) return { teamId };
  await sandboxOf(deps, { ...team, sandboxInstallationId: null }).catch((error: unknown) =>
    deps.log.warn({ err: error, teamId }, "a team's sandbox could not be made; the page that shows it tries again"),
  );
  return { teamId };
}

const newTeamId = (): string => randomBytes(12).toString("hex");

/** @param what it is the name of, in a sentence. */
export function nameProblem(name: string, what = "it"): string | undefined {
  const length = [...name.trim()].length;
  if (length === 0) return `Give ${what} a name.`;
  return length > NAME_LENGTH_MAX ? `At most ${NAME_LENGTH_MAX} characters.` : undefined;
}
