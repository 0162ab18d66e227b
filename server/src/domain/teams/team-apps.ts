import type { Deps } from "../../deps.ts";
import type { App } from "../../store/directory/apps.ts";
import { type AppDraft, appProblems } from "../apps/app-rules.ts";
import { changeApp, deleteApp, findApp, newClientId, registerApp, setAppStatus } from "../apps/manage-apps.ts";
import { actorName, changedFields } from "../audit.ts";
import { type Problems, problemsOf, type Refused } from "../refused.ts";
import { forgetReview } from "./review.ts";
import { type Actor, nameProblem, type OwnTeam, type Platform, type TeamApp, teamsOf } from "./teams.ts";

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

/** Apps are in every server's memory. */
const APPS_MAX = 100;

const DESCRIPTION_LENGTH_MAX = 2_000;

/** Only a web app has a server that can keep a secret; all others are public and prove themselves by PKCE. */
const kindOf = (platform: Platform): App["kind"] => (platform === "web" ? "confidential" : "public");

/**
 * A new app of the team, in development: only the team's sandbox can log in. Whose it is goes first: without the app
 * that row means nothing, while an app without it could be seen by nobody.
 */
export async function registerTeamApp(
  deps: Deps,
  actor: Actor,
  team: OwnTeam,
  { name, platform }: { name: string; platform: Platform },
): Promise<{ app: App; clientSecret?: string } | Refused> {
  const draft: AppDraft = {
    ...BLANK,
    name: name.trim(),
    kind: kindOf(platform),
    testInstallations: team.sandboxInstallationId === null ? [] : [team.sandboxInstallationId],
  };
  const problems = teamAppProblems(deps, draft);
  if (problems) return { problems };
  if ((await deps.directory.teams.apps(team.teamId, "", APPS_MAX)).length >= APPS_MAX)
    return { conflict: `A team has at most ${APPS_MAX} apps. Delete one that is no longer needed.` };
  const clientId = newClientId();
  await deps.directory.teams.addApp({ clientId, teamId: team.teamId, platform, createdAt: deps.now() });
  return registerApp(deps, draft, actorName(actor), clientId);
}

const BLANK = {
  status: "development",
  redirectUris: [],
  allowedOrigins: [],
  scopes: [],
  tokens: "permanent",
  codeLifetimeSeconds: 900,
  trusted: false,
  pkceCompat: false,
  idTokenSignedResponseAlg: "RS256",
  icon: "",
  url: "",
  description: "",
} as const satisfies Partial<AppDraft>;

/** What a team may say about its app itself; the rest (trusted, status, test installations) is the operator's. */
export type TeamAppChange = Partial<
  Pick<
    App,
    | "name"
    | "redirectUris"
    | "allowedOrigins"
    | "scopes"
    | "tokens"
    | "codeLifetimeSeconds"
    | "icon"
    | "url"
    | "description"
  >
>;

/** @param seen the version that whoever asks had before them; another one by now is `stale`. */
export async function changeTeamApp(
  deps: Deps,
  actor: Actor,
  app: App,
  seen: number,
  change: TeamAppChange,
): Promise<{ app: App } | Refused> {
  if (seen !== app.version) return { stale: true };
  // Its version tells whose suspension it is.
  if (app.status === "suspended") return { conflict: "The app is suspended. Resume it first." };
  if (app.status === "submitted") return { conflict: "The app is in review. Withdraw it to change it." };
  if (app.status === "live" && change.scopes?.some((name) => !app.scopes.includes(name)))
    return { conflict: "A live app gets more scopes by a review." };
  const changed = { ...app, ...change };
  const problems = teamAppProblems(deps, changed);
  if (problems) return { problems };
  if (changedFields(app, changed).length === 0) return { app }; // the log would tell of a change that is none
  return changeApp(deps, app, changed, actorName(actor));
}

/** All of them at once: what a team may not say, and what nobody may. */
function teamAppProblems(deps: Deps, draft: AppDraft): Problems | undefined {
  const tooLong = draft.description.length > DESCRIPTION_LENGTH_MAX;
  return problemsOf({
    name: nameProblem(draft.name),
    description: tooLong ? "At most 2,000 characters." : undefined,
    ...appProblems(deps, draft),
  });
}

/** Nobody can log in and its tokens are inactive, until its team resumes it. */
export async function suspendTeamApp(
  deps: Deps,
  actor: Actor,
  app: App,
  seen: number,
): Promise<{ app: App } | Refused> {
  if (app.status === "suspended") return { conflict: "The app is suspended already." };
  if (seen !== app.version) return { stale: true };
  const suspended = await setAppStatus(deps, app, "suspended", actorName(actor));
  // Second: a suspension that is nobody's can be lifted by the operator, who is asked rather than passed by.
  if ("app" in suspended) await deps.directory.teams.setSuspended(app.clientId, app.status, suspended.app.version);
  return suspended;
}

/** Whether the team suspended the app itself and nobody touched it since. */
export const mayResume = (app: App, { suspendedFrom, suspendedVersion }: TeamApp): boolean =>
  app.status === "suspended" && suspendedFrom !== null && suspendedVersion === app.version;

export async function resumeTeamApp(
  deps: Deps,
  actor: Actor,
  { app, teamApp }: Pick<OwnApp, "app" | "teamApp">,
  seen: number,
): Promise<{ app: App } | Refused> {
  if (seen !== app.version) return { stale: true };
  if (!mayResume(app, teamApp))
    return { conflict: "The operator of this server suspended the app, and can resume it." };
  return setAppStatus(deps, app, teamApp.suspendedFrom as App["status"], actorName(actor));
}

/** The app, then whose it was: what is left over in between means nothing. */
export async function deleteTeamApp(
  deps: Deps,
  actor: Actor,
  { app, teamApp }: Pick<OwnApp, "app" | "teamApp">,
  seen: number,
): Promise<{ deleted: boolean } | Refused> {
  if (seen !== app.version) return { stale: true };
  const deleted = await deleteApp(deps, app, actorName(actor));
  await forgetTeamApp(deps, teamApp);
  return { deleted };
}

/** What a team and its region keep of an app that is gone. */
export async function forgetTeamApp(deps: Deps, teamApp: TeamApp): Promise<void> {
  await forgetReview(deps, teamApp);
  await deps.directory.teams.removeApp(teamApp.clientId);
}
