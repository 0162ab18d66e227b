import type { Deps } from "../../deps.ts";
import { normaliseEmail } from "../accounts/email.ts";
import { passwordProblem } from "../accounts/password-rules.ts";
import { hasWayIn } from "../portal/ways-in.ts";
import { isRefused, problemsOf, type Refused } from "../refused.ts";
import { admitToSandbox } from "../teams/sandbox-people.ts";
import { createTeam, nameProblem } from "../teams/teams.ts";
import { type Elsewhere, findHomeOf, makeAccount, type Newcomer, nameProblems } from "./newcomer.ts";
import { isProven } from "./prove.ts";
import { hashOf, type SignUp } from "./sign-up.ts";

export interface SignUpDraft extends Newcomer {
  teamName: string;
}

export type Completion =
  /** There is an account and its team. Whoever asks signs in by the password: this may be a second click. */
  | { outcome: "done"; teamId: string }
  /** The e-mail has had an account for longer. */
  | { outcome: "known" }
  /** The e-mail is not proven, or that was too long ago. */
  | { outcome: "dead" };

/**
 * Makes the account, its team with a sandbox, and its user there, by which it comes in.
 *
 * The e-mail's route goes first and the account last; all between them is named by the account's id. So a crash leaves a
 * route to nobody, and whoever comes next, by this form or by another sign-up, completes the same team.
 * @throws {TooBusy} the password queue is full; nothing was written.
 * @throws {DatabaseUnavailable}
 */
export async function completeSignUp(
  deps: Deps,
  signUp: SignUp,
  draft: SignUpDraft,
): Promise<Completion | Refused | Elsewhere> {
  const emailKey = normaliseEmail(signUp.email);
  if (emailKey === undefined || !(await isProven(deps, signUp))) return { outcome: "dead" };
  const problems = problemsOf({
    ...nameProblems(draft),
    password: passwordProblem(draft.password, emailKey),
    teamName: nameProblem(draft.teamName, "your team"),
  });
  if (problems) return { problems };
  const passwordHash = await deps.passwords.hash(draft.password);

  const home = await findHomeOf(deps, emailKey, draft.home);
  if ("problems" in home) return home;
  const { accountId, region, account } = home;
  const teamId = await ownTeamId(deps, accountId, hashOf(signUp));
  if (account && (await hasWayIn(deps, accountId))) {
    const members = await deps.directory.teams.members(teamId);
    return members.length > 0 ? { outcome: "done", teamId } : { outcome: "known" };
  }

  const created = await createTeam(deps, { accountId, region: region.name }, draft.teamName, teamId);
  if (isRefused(created)) return created;
  const team = await deps.directory.teams.find(teamId);
  if (!team) throw new Error("A team was neither made nor found.");
  const { firstName, lastName } = draft;
  const person = { accountId, region: region.name, email: signUp.email, firstName, lastName, role: "owner" as const };
  const admitted = await admitToSandbox(deps, team, { ...person, made: !account });
  if (isRefused(admitted)) return admitted;
  if (!account) await makeAccount(deps, { email: signUp.email, emailKey, region, passwordHash });
  return { outcome: "done", teamId };
}

/** The same for one account, however often it is tried; another one where it has left that team. */
async function ownTeamId(deps: Deps, accountId: string, signUpHash: string): Promise<string> {
  const idOf = (text: string) => Buffer.from(deps.keys.hmac("sign-up", text), "base64url").toString("hex").slice(0, 24);
  const first = idOf(`team of ${accountId}`);
  // In this order: a team that is found was made together with its first member.
  if (!(await deps.directory.teams.find(first))) return first;
  const members = await deps.directory.teams.members(first);
  return members.some((member) => member.accountId === accountId) ? first : idOf(`team of ${accountId} ${signUpHash}`);
}
