import { html, named } from "../html.ts";
import { portalPage, type Shell, type ShownTeam, sectionsOf } from "./layout.ts";
import { teamTabs } from "./team-tabs.ts";

export interface SandboxProps {
  visitor: Shell["visitor"];
  team: ShownTeam;
  /** Absent: an operator deleted it. */
  sandbox:
    | {
        /** `EU-12` */
        name: string;
        region: string;
        apiEndPoint: string;
        people: readonly { name: string; email: string; password: string; role: string }[];
      }
    | { lostRegion: string }
    | undefined;
}

/** An installation without customers, and who can log in there. */
export const sandboxPage = ({ visitor, team, sandbox }: SandboxProps): string =>
  portalPage(
    {
      title: `${team.name}: sandbox`,
      visitor,
      lostRegion: team.lostRegion,
      sections: sectionsOf("team", team.teamId),
      tabs: teamTabs(team.teamId, "sandbox"),
    },
    html`<h1>${named(team.name)}</h1>
${
  sandbox && "lostRegion" in sandbox
    ? html`<div class="panel"><p>The sandbox cannot be shown right now: region ${sandbox.lostRegion} does not answer. Try again in a minute.</p></div>`
    : sandbox
      ? html`<section class="panel" aria-labelledby="sandbox-head"><h2 id="sandbox-head">Your sandbox, ${sandbox.name}</h2>
<p>An installation of your own, without customers. All apps of the team may log in there, also while in development. Its data is kept in ${sandbox.region}.</p>
<div class="scroll"><table class="flow"><thead><tr><th scope="col">Test user</th><th scope="col">E-mail</th><th scope="col">Password</th><th scope="col">Role there</th></tr></thead>
<tbody>${sandbox.people.map(({ name, email, password, role }) => html`<tr><td>${named(name)}</td><td><code>${email}</code></td><td><code>${password}</code></td><td>${role}</td></tr>`)}</tbody></table></div>
<p class="muted">Its API answers at <code>${sandbox.apiEndPoint}me.json</code>.</p></section>`
      : html`<div class="panel"><p>The sandbox of this team was deleted by an operator.</p></div>`
}`,
  );
