import type { Deps } from "../../deps.ts";
import type { App } from "../../store/directory/apps.ts";
import { findApp } from "../apps/manage-apps.ts";
import { type Actor, type OwnTeam, type TeamApp, teamsOf } from "./teams.ts";

/** An app as a member of its team sees it. */
export interface OwnApp {
  app: App;
  teamApp: TeamApp;
  team: OwnTeam;
  teams: readonly OwnTeam[];
}

/** The app with its team, or `undefined`: it is no team's, or another's, and nobody outside may know which. */
export async function findOwnApp(deps: Deps, actor: Actor, clientId: string): Promise<OwnApp | undefined> {
  const teamApp = await deps.directory.teams.findApp(clientId);
  if (!teamApp) return undefined;
  const teams = await teamsOf(deps, actor);
  const team = teams.find((one) => one.teamId === teamApp.teamId);
  const app = team && (await findApp(deps, clientId));
  return app && { app, teamApp, team, teams };
}

/** The team's apps, at most 500, by name. */
export async function appsOf(deps: Deps, teamId: string): Promise<OwnedApp[]> {
  const owned = await deps.directory.teams.apps(teamId, "", 500);
  const found = owned.flatMap((teamApp) => {
    const app = deps.apps.find(teamApp.clientId);
    return app ? [{ app, teamApp }] : [];
  });
  return found.sort((a, b) => a.app.name.localeCompare(b.app.name, "en"));
}

export interface OwnedApp {
  app: App;
  teamApp: TeamApp;
}
