import type { Deps } from "../../deps.ts";
import { hashSecret, newSecret } from "../../secrets.ts";
import type { TeamInvitation } from "../../store/region/team-invitations.ts";
import { normaliseEmail } from "../accounts/email.ts";
import { actorName, auditEntry } from "../audit.ts";
import { countOneMore, emailBudgetKey, minutes } from "../login/failure-budgets.ts";
import { sealLetter } from "../mail/letters.ts";
import { problemsOf, type Refused } from "../refused.ts";
import { may } from "./policy.ts";
import { isSandboxEmail } from "./sandbox.ts";
import { type Actor, type OwnTeam, profileOf, type Team, type TeamMember, type TeamRole } from "./teams.ts";

const LIFETIME_SECONDS = 7 * 24 * 3600;

/** What one member may send in an hour: more would make us somebody's bulk mailer. */
const INVITES = { name: "team-invite", failuresMax: 30, windowSeconds: 3_600 };
/** What one mailbox may get, from whichever teams. */
const INVITED = { name: "team-invited", failuresMax: 10, windowSeconds: 24 * 3_600 };

/** An invitation is worth what whoever sent it may give: nothing any more when they left the team, or lost the right. */
function mayStillGive(members: readonly TeamMember[], { invitedBy, role }: TeamInvitation): boolean {
  const sender = members.find(({ accountId }) => accountId === invitedBy);
  return sender !== undefined && may(sender.role, role === "owner" ? "member.makeOwner" : "member.invite");
}

/** The team's open invitations; `undefined` while its region does not answer. */
export async function invitationsOf(deps: Deps, team: Team): Promise<TeamInvitation[] | undefined> {
  const region = deps.regions.require(team.region);
  try {
    const [invitations, members] = await Promise.all([
      region.store.teamInvitations.ofTeam(team.teamId, region.now()),
      deps.directory.teams.members(team.teamId),
    ]);
    return invitations.filter((invitation) => mayStillGive(members, invitation));
  } catch (error) {
    deps.log.warn({ err: error, region: team.region }, "a team's invitations cannot be read");
    return undefined;
  }
}

/**
 * Invites an address into the team, by a mail with a link that works for seven days. Nothing tells whether the address
 * has an account. Another invitation to the same address ends the one before.
 */
export async function inviteMember(
  deps: Deps,
  actor: Actor,
  team: OwnTeam,
  { email, role }: { email: string; role: TeamRole | undefined },
): Promise<{ invited: string } | Refused> {
  const emailKey = normaliseEmail(email);
  const problems = problemsOf({
    email:
      emailKey === undefined || isSandboxEmail(emailKey)
        ? "Enter an e-mail address, such as name@example.com."
        : undefined,
    role: role === undefined ? "Choose a role." : undefined,
  });
  if (problems || emailKey === undefined || role === undefined) return { problems: problems ?? {} };
  if (role === "owner" && team.role !== "owner")
    return { problems: { role: "Only owners can make somebody an owner." } };
  const wait =
    (await countOneMore(deps, INVITES, emailBudgetKey(deps, INVITES, actor.accountId))) ||
    (await countOneMore(deps, INVITED, emailBudgetKey(deps, INVITED, emailKey)));
  if (wait > 0) return { problems: { email: `Too many invitations were sent. Try again in ${minutes(wait)}.` } };

  const region = deps.regions.require(team.region);
  const secret = newSecret();
  const createdAt = region.now();
  const invitation: TeamInvitation = {
    invitationHash: hashSecret(secret),
    teamId: team.teamId,
    email: emailKey,
    role,
    invitedBy: actor.accountId,
    createdAt,
    expiresAt: createdAt + LIFETIME_SECONDS,
  };
  const { mailId, sealedMessage } = sealLetter(deps.keys, {
    template: "teamInvitation",
    to: emailKey,
    props: {
      teamName: team.profile?.name ?? "a team",
      role,
      href: `${deps.config.url}/portal/join/${region.name}.${secret}`,
      days: LIFETIME_SECONDS / (24 * 3600),
    },
  });
  const entry = entryOf(actor, "team.invite", team.teamId, createdAt, { role });
  const mail = region.store.mails.enqueueing(mailId, sealedMessage, createdAt);
  await region.store.teamInvitations.make(invitation, entry, [mail]);
  deps.postman.wake(region.name);
  return { invited: emailKey };
}

/** False when it was used or gone already. */
export async function withdrawInvitation(deps: Deps, actor: Actor, team: OwnTeam, hash: string): Promise<boolean> {
  const region = deps.regions.require(team.region);
  const entry = entryOf(actor, "team.uninvite", team.teamId, region.now());
  return region.store.teamInvitations.remove(team.teamId, hash, entry);
}

/** An invitation that still works, as whoever holds its link sees it. */
export interface LiveInvitation {
  invitation: TeamInvitation;
  team: Team;
  teamName: string;
}

/** And as somebody who is signed in does. */
export interface OpenInvitation extends LiveInvitation {
  /** The link was sent to the address of the account that is signed in. */
  forYou: boolean;
}

/** What `text` (`EU.<secret>`) leads to, or `undefined` alike for one that is malformed, unknown, used, late, withdrawn or void. */
export async function findInvitation(deps: Deps, text: string): Promise<LiveInvitation | undefined> {
  const [, regionName, secret] = text.match(/^([A-Z][A-Z0-9]{1,15})\.([\w-]{43})$/) ?? [];
  const region = regionName === undefined ? undefined : deps.regions.find(regionName);
  if (!region || secret === undefined) return undefined;
  const invitation = await region.store.teamInvitations.findLive(hashSecret(secret), region.now());
  const { teams } = deps.directory;
  const team = invitation && (await teams.find(invitation.teamId));
  if (!team || !mayStillGive(await teams.members(team.teamId), invitation)) return undefined;
  return { invitation, team, teamName: (await profileOf(deps, team))?.name ?? "a team" };
}

export async function openInvitation(deps: Deps, actor: Actor, text: string): Promise<OpenInvitation | undefined> {
  const found = await findInvitation(deps, text);
  if (!found) return undefined;
  const account = await deps.regions.require(actor.region).store.accounts.find(actor.accountId);
  return { ...found, forYou: account?.emailKey === found.invitation.email };
}

/**
 * Joins the team. Only the account of the invited address can, so the member goes first and the invitation after: who is
 * cut off between the two can press the button again.
 *
 * @returns false for a link that was not sent to this account.
 */
export async function acceptInvitation(deps: Deps, actor: Actor, open: OpenInvitation): Promise<boolean> {
  if (!open.forYou) return false;
  await joinTeam(deps, actor, open);
  return true;
}

/** For the account of the invited address, and no other. */
export async function joinTeam(deps: Deps, actor: Actor, open: LiveInvitation): Promise<void> {
  const { teamId, role, email } = open.invitation;
  const now = deps.now();
  const member = { teamId, accountId: actor.accountId, accountRegion: actor.region, role, createdAt: now };
  await deps.directory.teams.addMember(member, entryOf(actor, "team.join", teamId, now, { role }));
  await deps.regions.require(open.team.region).store.teamInvitations.removeOfEmail(teamId, email);
}

const entryOf = (actor: Actor, action: string, teamId: string, at: number, detail?: Record<string, unknown>) =>
  auditEntry(actorName(actor), action, teamId, at, detail);
