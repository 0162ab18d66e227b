import { isRefused } from "../../domain/refused.ts";
import { registerTeamApp } from "../../domain/teams/team-apps.ts";
import type { Platform } from "../../domain/teams/teams.ts";
import { newAppPage } from "../../pages/portal/new-app.ts";
import { doneAt } from "./done.ts";
import { keepOnce } from "./once.ts";
import type { PageRoute, TeamScene } from "./page-route.ts";
import { shownTeam } from "./shown-team.ts";

const PLATFORMS: readonly string[] = ["web", "spa", "extension", "native", "cli"];

export const newAppPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: "/portal/teams/:team/new-app",
    who: "team",
    action: "app.register",
    handle: (c, scene) => c.html(page(scene, "", "web")),
  },
  {
    method: "POST",
    path: "/portal/teams/:team/new-app",
    who: "team",
    action: "app.register",
    async handle(c, scene) {
      const { deps, visitor, team, form } = scene;
      const [name, platform] = [form.text("name") ?? "", form.text("platform") ?? ""];
      if (!PLATFORMS.includes(platform)) return c.html(page(scene, name, platform, { platform: "Choose one." }), 422);
      const made = await registerTeamApp(deps, visitor, team, { name, platform: platform as Platform });
      if (isRefused(made)) {
        const problems =
          "problems" in made ? made.problems : { form: "conflict" in made ? made.conflict : "Try again." };
        return c.html(page(scene, name, platform, problems), 422);
      }
      const { clientId } = made.app;
      if (made.clientSecret !== undefined) keepOnce(c, deps, `${visitor.accountId} ${clientId}`, made.clientSecret);
      return c.redirect(doneAt(`/portal/apps/${clientId}/credentials`, "registered"), 303);
    },
  },
];

const page = (
  { visitor, team, hidden }: TeamScene,
  name: string,
  platform: string,
  problems?: Readonly<Record<string, string>>,
): string =>
  newAppPage({
    visitor,
    team: shownTeam(team),
    form: { action: `/portal/teams/${team.teamId}/new-app`, hidden },
    name,
    platform,
    problems,
  });
