import type { Deps } from "../../deps.ts";
import { findSignIn } from "../accounts/email-keys.ts";
import { passwordProblem } from "../accounts/password-rules.ts";
import { hasWayIn } from "../portal/ways-in.ts";
import { isRefused, problemsOf, type Refused } from "../refused.ts";
import { joinTeam, type LiveInvitation } from "../teams/invitations.ts";
import { admitToSandbox } from "../teams/sandbox-people.ts";
import { type Elsewhere, findHomeOf, makeAccount, type Newcomer, nameProblems } from "./newcomer.ts";

/**
 * What somebody must do who was invited into a team. The link was mailed, so who holds it owns the e-mail and may learn
 * whether it has an account.
 */
export type NextOfInvited = "make an account" | "sign in";

/**
 * Says what is next. An account that has no way in to the portal gets one: a user in the team's sandbox. That lets nobody
 * in by itself, for signing in takes the password.
 */
export async function nextOfInvited(
  deps: Deps,
  { invitation, team }: LiveInvitation,
): Promise<{ next: NextOfInvited } | Refused> {
  const emailKey = invitation.email;
  const { account: route } = await findSignIn(deps, emailKey, "");
  const home = route && deps.regions.find(route.region);
  const account = await home?.store.accounts.findByEmailKey(emailKey);
  if (!home || !account) return { next: "make an account" };
  const { accountId, email } = account;
  if (await hasWayIn(deps, accountId)) return { next: "sign in" };
  const [firstName = ""] = email.split("@", 1);
  const person = { accountId, region: home.name, email, firstName, lastName: "", role: invitation.role, made: false };
  const admitted = await admitToSandbox(deps, team, person);
  return isRefused(admitted) ? admitted : { next: "sign in" };
}

/**
 * Makes the account of an invited e-mail that has none, wherever its owner wants it, and joins the team. The user in the
 * sandbox goes before the account, and the invitation last: who is cut off comes back by the same link.
 *
 * @returns `known`: there is an account by now, to sign in with.
 * @throws {TooBusy} the password queue is full; nothing was written.
 * @throws {DatabaseUnavailable}
 */
export async function acceptAsNewcomer(
  deps: Deps,
  open: LiveInvitation,
  draft: Newcomer,
): Promise<{ outcome: "done" | "known" } | Refused | Elsewhere> {
  const { email, role } = open.invitation;
  const problems = problemsOf({ ...nameProblems(draft), password: passwordProblem(draft.password, email) });
  if (problems) return { problems };
  const passwordHash = await deps.passwords.hash(draft.password);
  const home = await findHomeOf(deps, email, draft.home);
  if ("problems" in home) return home;
  if (home.account) return { outcome: "known" };
  const { accountId, region } = home;
  const { firstName, lastName } = draft;
  const person = { accountId, region: region.name, email, firstName, lastName, role, made: true };
  const admitted = await admitToSandbox(deps, open.team, person);
  if (isRefused(admitted)) return admitted;
  const { made } = await makeAccount(deps, { email, emailKey: email, region, passwordHash });
  if (!made) return { outcome: "known" }; // another click was faster, and joins
  await joinTeam(deps, { accountId, region: region.name }, open);
  return { outcome: "done" };
}
