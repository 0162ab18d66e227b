import { may } from "../../domain/teams/policy.ts";
import type { AppFrame, FormTo } from "../../pages/portal/app-frame.ts";
import { hashSecret } from "../../secrets.ts";
import type { HttpContext } from "../context.ts";
import { appTabs } from "./app-tabs.ts";
import { noticeOf } from "./done.ts";
import type { AppScene } from "./page-route.ts";
import { shownTeam } from "./shown-team.ts";

export const appHref = ({ app }: Pick<AppScene, "app">, path = ""): string => `/portal/apps/${app.clientId}${path}`;

/** What stands around each page of an app. */
export const frameOf = (c: HttpContext, scene: AppScene, tab: Parameters<typeof appTabs>[1]): AppFrame => ({
  visitor: scene.visitor,
  notice: noticeOf(c),
  lostRegion: shownTeam(scene.team).lostRegion,
  tabs: appTabs(scene.app.clientId, tab, scene.team.role),
  app: {
    name: scene.app.name,
    icon: scene.app.icon,
    clientId: scene.app.clientId,
    status: scene.app.status,
    teamId: scene.team.teamId,
    teamName: shownTeam(scene.team).name,
  },
});

/** Every form names the version that its reader saw. */
export const formsOf =
  (scene: AppScene): FormTo =>
  (path, more = {}) => ({
    action: appHref(scene, path),
    hidden: { ...scene.hidden, version: String(scene.app.version), ...more },
  });

/** Secrets come and go without a new version of their app, so their forms name the list that their reader saw. */
export const secretsSeen = ({ app }: Pick<AppScene, "app">): string =>
  hashSecret(app.secrets.map(({ secretId, expiresAt }) => `${secretId} ${expiresAt}`).join()).slice(0, 16);

/** No version is 0: what cannot be read is as old as can be. */
export function seenVersion({ form }: Pick<AppScene, "form">): number {
  const text = form.text("version") ?? "";
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0;
}

export const mayChange = ({ team }: AppScene): boolean => may(team.role, "app.change");
