import { choiceField, type Form, formOf, problemSummary, submitButton, textField } from "../forms.ts";
import { html } from "../html.ts";
import type { Problems } from "./app-frame.ts";
import { portalPage, type Shell, type ShownTeam, sectionsOf } from "./layout.ts";

export interface NewAppProps {
  visitor: Shell["visitor"];
  team: ShownTeam;
  form: Form;
  name: string;
  platform: string;
  problems?: Problems | undefined;
}

const PLATFORMS = [
  { value: "web", label: "Web app", hint: "Has a server of its own, which keeps a secret." },
  { value: "spa", label: "Single page", hint: "Runs in the browser alone. No secret: it proves itself by PKCE." },
  { value: "extension", label: "Browser extension", hint: "Comes back to its own chromiumapp.org address." },
  { value: "native", label: "Native", hint: "On phones and desktops. Comes back by a scheme of its own." },
  { value: "cli", label: "Command line", hint: "Comes back to a port of the user’s own machine." },
] as const;

/** Asks for a name and what it runs on; everything else has a good beginning and can be changed. */
export const newAppPage = ({ visitor, team, form, name, platform, problems }: NewAppProps): string =>
  portalPage(
    {
      title: "New app",
      visitor,
      problem: problems !== undefined,
      lostRegion: team.lostRegion,
      sections: sectionsOf("apps", team.teamId),
      trail: [{ label: team.name, href: `/portal/teams/${team.teamId}` }],
    },
    html`<div class="panel narrow-panel"><h1>New app</h1>
${problemSummary(problems)}
${formOf(
  form,
  html`${textField({ name: "name", label: "Name", value: name, problem: problems?.name, hint: "People see it when they log in." })}
${choiceField({ name: "platform", label: "What does it run on?", value: platform, choices: PLATFORMS, problem: problems?.platform })}
${submitButton("Register app")}`,
)}</div>`,
  );
