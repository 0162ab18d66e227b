import { isRefused } from "../../domain/refused.ts";
import { createTeam, teamsOf } from "../../domain/teams/teams.ts";
import { newTeamPage, teamListPage } from "../../pages/portal/teams.ts";
import type { HttpContext } from "../context.ts";
import type { PageRoute, Scene } from "./page-route.ts";

/** The portal's front door: which team, or the first one. */
export const teamPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: "/portal",
    who: "signed-in",
    async handle(c, { deps, visitor }) {
      const teams = await teamsOf(deps, visitor);
      const [only] = teams;
      if (!only) return c.redirect("/portal/new-team", 303);
      if (teams.length === 1) return c.redirect(`/portal/teams/${only.teamId}`, 303);
      return c.html(
        teamListPage({
          visitor,
          teams: teams.map(({ teamId, region, role, profile }) => ({
            name: profile?.name ?? `A team in ${region}, which does not answer`,
            href: `/portal/teams/${teamId}`,
            role,
          })),
          newTeamHref: "/portal/new-team",
        }),
      );
    },
  },
  {
    method: "GET",
    path: "/portal/new-team",
    who: "signed-in",
    handle: (c, scene) => c.html(newTeam(scene, "")),
  },
  {
    method: "POST",
    path: "/portal/new-team",
    who: "signed-in",
    async handle(c: HttpContext, scene: Scene) {
      const name = scene.form.text("name") ?? "";
      const created = await createTeam(scene.deps, scene.visitor, name);
      if (isRefused(created)) {
        const problems = "problems" in created ? created.problems : {};
        return c.html(newTeam(scene, name, { name: problems.name }), 422);
      }
      return c.redirect(`/portal/teams/${created.teamId}`, 303);
    },
  },
];

const newTeam = ({ visitor, hidden }: Scene, name: string, problems?: { name: string | undefined }) =>
  newTeamPage({ visitor, form: { action: "/portal/new-team", hidden }, name, problems });
