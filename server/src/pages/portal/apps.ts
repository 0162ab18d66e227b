import { html, named } from "../html.ts";
import { tile } from "../tile.ts";
import { statusBadge } from "./app-frame.ts";
import { portalPage, type Shell, type ShownTeam, sectionsOf } from "./layout.ts";

export interface AppListProps {
  visitor: Shell["visitor"];
  notice?: string | undefined;
  team: ShownTeam;
  apps: readonly { name: string; icon: string; clientId: string; status: string; href: string }[];
  /** Absent: the role does not allow it. */
  newAppHref?: string | undefined;
}

/** The team's apps: where a developer arrives. */
export const appListPage = ({ visitor, notice, team, apps, newAppHref }: AppListProps): string =>
  portalPage(
    {
      title: `${team.name}: apps`,
      visitor,
      notice,
      lostRegion: team.lostRegion,
      sections: sectionsOf("apps", team.teamId),
    },
    html`<div class="head"><h1>${named(team.name)}</h1>${newAppHref && html`<a class="primary" href="${newAppHref}">New app</a>`}</div>
${
  apps.length === 0
    ? html`<div class="panel"><p>No app yet. An app is what your users log in to: a web site, an extension, a program on a phone or in a terminal.</p>
${newAppHref && html`<p>Register one, and a list of four steps leads to its first login. Two test users wait in <a href="/portal/teams/${team.teamId}/sandbox">your sandbox</a>, so you need no customer to try it.</p>`}</div>`
    : html`<ul class="panel rows">${apps.map((app) => html`<li>${tile(app.name, app.icon)} <a class="words" href="${app.href}">${named(app.name)}</a> ${statusBadge(app.status)} <code class="muted">${app.clientId}</code></li>`)}</ul>`
}`,
  );
