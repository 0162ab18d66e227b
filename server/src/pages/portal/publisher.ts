import { type Form, formOf, problemSummary, submitButton, textField } from "../forms.ts";
import { html, named } from "../html.ts";
import { portalPage, type Shell, type ShownTeam, sectionsOf } from "./layout.ts";
import { teamTabs } from "./team-tabs.ts";

interface Publisher {
  publisherName: string;
  publisherUrl: string;
  privacyUrl: string;
  termsUrl: string;
  publisherEmail: string;
}

export interface PublisherProps {
  visitor: Shell["visitor"];
  notice?: string | undefined;
  team: ShownTeam;
  /** What the fields hold; absent: the team's region does not answer. */
  publisher: Publisher | undefined;
  /** What somebody else saved while the form was open. */
  stored?: Publisher | undefined;
  problems?: Readonly<Record<string, string | undefined>> | undefined;
  /** Absent: the role does not allow it. */
  form: Form | undefined;
}

const FIELDS = [
  {
    name: "publisherName",
    label: "Name",
    type: "text",
    hint: "Users read it where they allow an app.",
    required: true,
  },
  { name: "publisherUrl", label: "Website", type: "url" },
  { name: "privacyUrl", label: "Privacy policy", type: "url" },
  { name: "termsUrl", label: "Terms of service", type: "url" },
  { name: "publisherEmail", label: "E-mail for questions", type: "email" },
] as const;

/** Who stands behind the team's apps. */
export const publisherPage = ({ visitor, notice, team, publisher, stored, problems, form }: PublisherProps): string =>
  portalPage(
    {
      title: `${team.name}: publisher`,
      visitor,
      notice,
      problem: problems !== undefined || stored !== undefined,
      lostRegion: team.lostRegion,
      sections: sectionsOf("team", team.teamId),
      tabs: teamTabs(team.teamId, "publisher"),
    },
    html`<h1>${named(team.name)}</h1>
<section class="panel narrow-panel" aria-labelledby="publisher-head"><h2 id="publisher-head">Publisher</h2>
<p>Who stands behind the team's apps. It is set once; after that only admins change it.</p>
${problemSummary(problems)}
${
  stored &&
  html`<div class="notice" role="alert"><p>Somebody else changed this while you were writing. Stored now:</p><ul>${FIELDS.map(({ name, label }) => html`<li>${label}: ${stored[name] === "" ? "–" : named(stored[name])}</li>`)}</ul><p>Saving again replaces it by what stands below.</p></div>`
}
${
  publisher === undefined
    ? html`<p>The publisher cannot be shown right now: the team's region does not answer.</p>`
    : form
      ? formOf(
          form,
          html`${FIELDS.map(({ name, label, type, ...more }) =>
            textField({ name, label, type, value: publisher[name], problem: problems?.[name], ...more }),
          )}${submitButton("Save")}`,
        )
      : html`<dl>${FIELDS.map(({ name, label }) => html`<dt>${label}</dt><dd>${publisher[name] === "" ? "–" : named(publisher[name])}</dd>`)}</dl>`
}
</section>`,
  );
