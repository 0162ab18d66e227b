import { type Sandbox, sandboxOf } from "../../domain/teams/sandbox.ts";
import { sandboxPage } from "../../pages/portal/sandbox.ts";
import type { PageRoute } from "./page-route.ts";

/** Where a team tries its apps out. */
export const sandboxPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: "/portal/teams/:team/sandbox",
    who: "team",
    action: "app.try",
    async handle(c, { deps, visitor, team }) {
      const sandbox = await sandboxOf(deps, team);
      return c.html(
        sandboxPage({
          visitor,
          team: { teamId: team.teamId, name: team.profile?.name ?? "Your team" },
          sandbox: sandbox && present(sandbox),
        }),
      );
    },
  },
];

const present = ({ region, installation, people }: Sandbox) => ({
  name: `${region}-${installation.installationId}`,
  region,
  apiEndPoint: installation.apiEndPoint,
  people: people.map(({ name, email, password, role }) => ({ name, email, password, role })),
});
