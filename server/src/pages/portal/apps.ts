import { html, named } from "../html.ts";
import { tile } from "../tile.ts";
import { statusBadge } from "./app-frame.ts";
import { portalPage, type Shell, sectionsOf } from "./layout.ts";

export interface AppListProps {
  visitor: Shell["visitor"];
  notice?: string | undefined;
  team: { teamId: string; name: string };
  apps: readonly { name: string; icon: string; clientId: string; status: string; href: string }[];
  /** Absent: the role does not allow it. */
  newAppHref?: string | undefined;
}

/** The team's apps: where a developer arrives. */
export const appListPage = ({ visitor, notice, team, apps, newAppHref }: AppListProps): string =>
  portalPage(
    { title: `${team.name}: apps`, visitor, notice, sections: sectionsOf("apps", team.teamId) },
    html`<div class="head"><h1>${named(team.name)}</h1>${newAppHref && html`<a class="primary" href="${newAppHref}">New app</a>`}</div>
${
  apps.length === 0
    ? html`<div class="panel"><p>No app yet. An app is what your users log in to: a web site, an extension, a program on a phone or in a terminal.</p></div>`
    : html`<ul class="panel rows">${apps.map((app) => html`<li>${tile(app.name, app.icon)} <a class="words" href="${app.href}">${named(app.name)}</a> ${statusBadge(app.status)} <code class="muted">${app.clientId}</code></li>`)}</ul>`
}`,
  );
