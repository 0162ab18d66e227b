import { isRefused, type Problems } from "../../domain/refused.ts";
import {
  acceptInvitation,
  invitationsOf,
  inviteMember,
  openInvitation,
  withdrawInvitation,
} from "../../domain/teams/invitations.ts";
import { changeRole, membersOf, removeMember, TEAM_ROLES } from "../../domain/teams/members.ts";
import { may } from "../../domain/teams/policy.ts";
import type { TeamRole } from "../../domain/teams/teams.ts";
import * as words from "../../pages/errors/words.ts";
import { invitationPage, membersPage } from "../../pages/portal/members.ts";
import type { HttpContext } from "../context.ts";
import { showError } from "../error-page.ts";
import { noticeOf } from "./notices.ts";
import type { PageRoute, Scene, TeamScene } from "./page-route.ts";
import { shownTeam } from "./shown-team.ts";

const PATH = "/portal/teams/:team/members";

/** Who is in a team, who is invited, and what they may do. */
export const membersPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: PATH,
    who: "team",
    action: "team.read",
    handle: async (c, scene) => c.html(await members(c, scene)),
  },
  {
    method: "POST",
    path: `${PATH}/invite`,
    who: "team",
    action: "member.invite",
    async handle(c, scene) {
      const email = scene.form.text("email") ?? "";
      const role = readRole(scene.form.text("role"));
      const invited = await inviteMember(scene.deps, scene.visitor, scene.team, { email, role });
      if (!isRefused(invited)) return done(c, scene, "invited");
      return c.html(await members(c, scene, { email, role, problems: problemsIn(invited) }), 422);
    },
  },
  {
    method: "POST",
    path: `${PATH}/uninvite`,
    who: "team",
    action: "member.invite",
    async handle(c, scene) {
      await withdrawInvitation(scene.deps, scene.visitor, scene.team, scene.form.text("invitation") ?? "");
      return done(c, scene, "withdrawn");
    },
  },
  {
    method: "POST",
    path: `${PATH}/role`,
    who: "team",
    action: "member.change",
    async handle(c, scene) {
      const role = readRole(scene.form.text("role"));
      if (!role) return c.html(await members(c, scene, { problems: { form: "Choose a role." } }), 422);
      const account = scene.form.text("member") ?? "";
      const changed = await changeRole(scene.deps, scene.visitor, scene.team, account, role);
      if (!isRefused(changed)) return done(c, scene, "role");
      return c.html(await members(c, scene, { problems: problemsIn(changed) }), 422);
    },
  },
  {
    method: "POST",
    path: `${PATH}/remove`,
    who: "team",
    action: "member.change",
    handle: (c, scene) => remove(c, scene, scene.form.text("member") ?? ""),
  },
  {
    method: "POST",
    path: `${PATH}/leave`,
    who: "team",
    action: "team.read",
    handle: (c, scene) => remove(c, scene, scene.visitor.accountId),
  },
  {
    method: "GET",
    path: "/portal/invitations/:invitation",
    who: "signed-in",
    async handle(c, { deps, visitor, hidden }) {
      const text = c.req.param("invitation") ?? "";
      const open = await openInvitation(deps, visitor, text);
      if (!open) return showError(c, 410, words.invitationEnded());
      const { teamName, forYou, invitation } = open;
      const form = { action: `/portal/invitations/${text}`, hidden };
      return c.html(invitationPage({ visitor, teamName, role: invitation.role, form: forYou ? form : undefined }));
    },
  },
  {
    method: "POST",
    path: "/portal/invitations/:invitation",
    who: "signed-in",
    async handle(c: HttpContext, { deps, visitor }: Scene) {
      const open = await openInvitation(deps, visitor, c.req.param("invitation") ?? "");
      if (!open || !(await acceptInvitation(deps, visitor, open))) return showError(c, 410, words.invitationEnded());
      return c.redirect(`/portal/teams/${open.team.teamId}/members?done=joined`, 303);
    },
  },
];

async function remove(c: HttpContext, scene: TeamScene, accountId: string): Promise<Response> {
  const removed = await removeMember(scene.deps, scene.visitor, scene.team, accountId);
  if (isRefused(removed)) return c.html(await members(c, scene, { problems: problemsIn(removed) }), 422);
  return accountId === scene.visitor.accountId ? c.redirect("/portal", 303) : done(c, scene, "removed");
}

const pathOf = ({ team }: TeamScene) => `/portal/teams/${team.teamId}/members`;

const done = (c: HttpContext, scene: TeamScene, code: string) => c.redirect(`${pathOf(scene)}?done=${code}`, 303);

const readRole = (text: string | undefined): TeamRole | undefined => TEAM_ROLES.find((role) => role === text);

const problemsIn = (refused: object): Problems =>
  "problems" in refused
    ? (refused.problems as Problems)
    : { form: "conflict" in refused ? String(refused.conflict) : "Somebody else changed this. Look again." };

interface Tried {
  email?: string;
  role?: TeamRole | undefined;
  problems?: Problems;
}

async function members(c: HttpContext, scene: TeamScene, tried: Tried = {}): Promise<string> {
  const { deps, visitor, team, hidden } = scene;
  const [all, invitations] = await Promise.all([membersOf(deps, team.teamId), invitationsOf(deps, team)]);
  const base = pathOf(scene);
  const mayChange = may(team.role, "member.change");
  const roles = TEAM_ROLES.filter((role) => role !== "owner" || may(team.role, "member.makeOwner"));
  return membersPage({
    visitor,
    notice: noticeOf(c),
    team: { ...shownTeam(team), role: team.role },
    members: all.map((member) => ({
      accountId: member.accountId,
      email: member.email,
      unreachable: member.unreachable,
      region: member.accountRegion,
      role: member.role,
      you: member.accountId === visitor.accountId,
      changeable: mayChange && (member.role !== "owner" || team.role === "owner"),
    })),
    invitations: invitations?.map(({ invitationHash, email, role, expiresAt }) => ({
      id: invitationHash,
      email,
      role,
      expiresAt,
    })),
    roles,
    forms: {
      role: { action: `${base}/role`, hidden },
      remove: { action: `${base}/remove`, hidden },
      leave: { action: `${base}/leave`, hidden },
      ...(may(team.role, "member.invite") && {
        invite: { action: `${base}/invite`, hidden },
        uninvite: { action: `${base}/uninvite`, hidden },
      }),
    },
    email: tried.email ?? "",
    role: tried.role ?? "developer",
    problems: tried.problems,
  });
}
