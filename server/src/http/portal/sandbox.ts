import { type Sandbox, sandboxOf } from "../../domain/teams/sandbox.ts";
import { isUnavailable } from "../../domain/unavailable.ts";
import { sandboxPage } from "../../pages/portal/sandbox.ts";
import type { PageRoute } from "./page-route.ts";
import { shownTeam } from "./shown-team.ts";

/** Where a team tries its apps out. */
export const sandboxPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: "/portal/teams/:team/sandbox",
    who: "team",
    action: "app.try",
    async handle(c, { deps, visitor, team }) {
      const sandbox = await sandboxOf(deps, team).catch((error: unknown) => {
        if (isUnavailable(error) && error.database !== "directory") return { lostRegion: error.database };
        throw error;
      });
      const lost = sandbox && "lostRegion" in sandbox;
      const shown = lost ? sandbox : sandbox && present(sandbox);
      return c.html(sandboxPage({ visitor, team: shownTeam(team), sandbox: shown }), lost ? 503 : 200);
    },
  },
];

const present = ({ region, installation, people }: Sandbox) => ({
  name: `${region}-${installation.installationId}`,
  region,
  apiEndPoint: installation.apiEndPoint,
  people: people.map(({ name, email, password, role }) => ({ name, email, password, role })),
});
