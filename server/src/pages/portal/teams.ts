import { type Form, formOf, problemSummary, submitButton, textField } from "../forms.ts";
import { html, named } from "../html.ts";
import { portalPage, type Shell, sectionsOf } from "./layout.ts";

export interface NewTeamProps {
  visitor: Shell["visitor"];
  form: Form;
  name: string;
  problems?: { name?: string | undefined } | undefined;
}

/** The portal of somebody who is in no team yet. */
export const newTeamPage = ({ visitor, form, name, problems }: NewTeamProps): string =>
  portalPage(
    { title: "Create your team", visitor, sections: sectionsOf("apps", undefined), problem: problems !== undefined },
    html`<div class="panel narrow-panel"><h1>Create your team</h1>
<p>Apps belong to teams. A team can be one person; others can be invited later.</p>
${problemSummary(problems)}
${formOf(form, html`${textField({ name: "name", label: "Team name", value: name, problem: problems?.name, hint: "Seen by the people you invite." })}${submitButton("Create team")}`)}
</div>`,
  );

export interface TeamListProps {
  visitor: Shell["visitor"];
  teams: readonly { name: string; href: string; role: string }[];
  newTeamHref: string;
}

/** For whoever is in several teams. */
export const teamListPage = ({ visitor, teams, newTeamHref }: TeamListProps): string =>
  portalPage(
    { title: "Your teams", visitor, sections: sectionsOf("apps", undefined) },
    html`<div class="head"><h1>Your teams</h1><a class="secondary" href="${newTeamHref}">New team</a></div>
<ul class="panel list">${teams.map(({ name, href, role }) => html`<li><a href="${href}">${named(name)}</a> <span class="muted">${role}</span></li>`)}</ul>`,
  );
