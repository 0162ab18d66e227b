import { may } from "../../domain/teams/policy.ts";
import { appsOf } from "../../domain/teams/team-apps.ts";
import { appListPage } from "../../pages/portal/apps.ts";
import { noticeOf } from "./done.ts";
import type { PageRoute } from "./page-route.ts";
import { shownTeam } from "./shown-team.ts";

/** The apps of a team. */
export const appPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: "/portal/teams/:team",
    who: "team",
    action: "app.read",
    async handle(c, { deps, visitor, team }) {
      const base = `/portal/teams/${team.teamId}`;
      const apps = await appsOf(deps, team.teamId);
      return c.html(
        appListPage({
          visitor,
          notice: noticeOf(c),
          team: shownTeam(team),
          apps: apps.map(({ app }) => ({
            name: app.name,
            icon: app.icon,
            clientId: app.clientId,
            status: app.status,
            href: `/portal/apps/${app.clientId}`,
          })),
          newAppHref: may(team.role, "app.register") ? `${base}/new-app` : undefined,
        }),
      );
    },
  },
];
