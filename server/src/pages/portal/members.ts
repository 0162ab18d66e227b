import { type Form, formOf, problemSummary, quietForm, submitButton, textField } from "../forms.ts";
import { type Html, html, named } from "../html.ts";
import { portalPage, type Shell, type ShownTeam, sectionsOf } from "./layout.ts";
import { teamTabs } from "./team-tabs.ts";

const WORDS: Readonly<Record<string, string>> = {
  owner: "Everything, also making owners",
  admin: "Members, publisher, all about apps",
  developer: "Registers and changes apps",
  viewer: "Looks on",
};

export interface MembersProps {
  visitor: Shell["visitor"];
  notice?: string | undefined;
  team: ShownTeam & { role: string };
  members: readonly {
    accountId: string;
    /** Absent: the account is gone, or its region does not answer. */
    email: string | undefined;
    unreachable: boolean;
    region: string;
    role: string;
    you: boolean;
    changeable: boolean;
  }[];
  /** Absent: the team's region does not answer. */
  invitations: readonly { id: string; email: string; role: string; expiresAt: number }[] | undefined;
  /** Those that the visitor may give. */
  roles: readonly string[];
  /** `invite`, `uninvite`: only for roles that may. */
  forms: { role: Form; remove: Form; leave: Form; invite?: Form; uninvite?: Form };
  /** What was typed. */
  email: string;
  role: string;
  problems?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Who is in the team. */
export function membersPage(props: MembersProps): string {
  const { visitor, notice, team, members, problems } = props;
  return portalPage(
    {
      title: `${team.name}: members`,
      visitor,
      notice,
      problem: problems !== undefined,
      lostRegion: team.lostRegion,
      sections: sectionsOf("team", team.teamId),
      tabs: teamTabs(team.teamId, "members"),
    },
    html`<h1>${named(team.name)}</h1>
${problemSummary(problems)}
<section class="panel" aria-labelledby="members-head"><h2 id="members-head">Members</h2>
<div class="scroll"><table class="flow"><thead><tr><th scope="col">Member</th><th scope="col">Region</th><th scope="col">Role</th><td></td></tr></thead>
<tbody>${members.map((member) => memberRow(props, member))}</tbody></table></div></section>
${invitations(props)}
${props.forms.invite && inviteForm(props, props.forms.invite)}
<section class="panel"><h2>Leave the team</h2>
<p class="muted">You lose its apps and your user in its sandbox at once. An admin can invite you again.</p>
${formOf(props.forms.leave, html`<button class="secondary fit" type="submit">Leave ${named(team.name)}</button>`)}</section>`,
  );
}

function memberRow({ forms, roles }: MembersProps, member: MembersProps["members"][number]): Html {
  const { accountId, email, unreachable, region, role, you, changeable } = member;
  const who = email ?? (unreachable ? `Region ${region} does not answer` : "A deleted account");
  const id = { member: accountId };
  return html`<tr><td>${named(who)} ${you && html`<span class="badge">You</span>`}</td><td>${region}</td>
<td>${
    changeable
      ? formOf(
          { ...forms.role, hidden: { ...forms.role.hidden, ...id } },
          html`<span class="inline"><select name="role" aria-label="Role of ${who}">${roleOptions(roles, role)}</select> <button class="quiet" type="submit">Change</button></span>`,
        )
      : role
  }</td><td>${changeable && !you && quietForm({ ...forms.remove, hidden: { ...forms.remove.hidden, ...id } }, "Remove")}</td></tr>`;
}

const roleOptions = (roles: readonly string[], current: string): Html[] =>
  roles.map((role) => html`<option value="${role}" ${role === current && html`selected`}>${role}</option>`);

function invitations({ invitations, forms }: MembersProps): Html {
  if (!invitations)
    return html`<p class="notice">Invitations cannot be shown right now: the team's region does not answer.</p>`;
  if (invitations.length === 0) return html``;
  return html`<section class="panel" aria-labelledby="invited-head"><h2 id="invited-head">Invited</h2>
<ul class="list">${invitations.map(
    ({ id, email, role, expiresAt }) =>
      html`<li><b>${named(email)}</b> <span class="badge">${role}</span> <span class="muted">until ${day(expiresAt)}</span> ${forms.uninvite && quietForm({ ...forms.uninvite, hidden: { ...forms.uninvite.hidden, invitation: id } }, "Withdraw")}</li>`,
  )}</ul></section>`;
}

const day = (at: number): string => new Date(at * 1000).toISOString().slice(0, 10);

const inviteForm = (
  { email, role, roles, problems }: MembersProps,
  form: Form,
): Html => html`<section class="panel" aria-labelledby="invite-head"><h2 id="invite-head">Invite somebody</h2>
${formOf(
  form,
  html`${textField({ name: "email", label: "E-mail", type: "email", value: email, problem: problems?.email, required: true })}
<fieldset class="field" id="role"><legend>Role</legend>${roles.map((one) => html`<label class="choice"><input type="radio" name="role" value="${one}" ${one === role && html`checked`}><span>${one}<span class="hint">${WORDS[one]}</span></span></label>`)}</fieldset>
${submitButton("Send the invitation")}`,
)}</section>`;

export interface InvitationProps {
  visitor: Shell["visitor"];
  teamName: string;
  role: string;
  /** Absent: it was sent to another address. */
  form: Form | undefined;
}

/** What a mailed invitation leads to. */
export const invitationPage = ({ visitor, teamName, role, form }: InvitationProps): string =>
  portalPage(
    { title: `Join ${teamName}`, visitor, sections: sectionsOf("team", undefined) },
    html`<div class="panel narrow-panel"><h1>Join ${named(teamName)}</h1>
${
  form
    ? html`<p>You are invited as <b>${role}</b>. You will join as <b>${named(visitor.email)}</b>.</p>${formOf(form, submitButton("Join the team"))}`
    : html`<p>This invitation was sent to another address than <b>${named(visitor.email)}</b>. Sign out, and sign in with the address that got the mail.</p>`
}</div>`,
  );
