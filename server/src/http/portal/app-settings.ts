import { ICON_LENGTH_MAX } from "../../domain/apps/icon.ts";
import type { App } from "../../domain/apps/registry.ts";
import { isRefused } from "../../domain/refused.ts";
import { firstLoginOf } from "../../domain/teams/first-login.ts";
import { may } from "../../domain/teams/policy.ts";
import { askedScopesOf, askForScopes } from "../../domain/teams/review.ts";
import {
  changeTeamApp,
  deleteTeamApp,
  mayResume,
  resumeTeamApp,
  suspendTeamApp,
} from "../../domain/teams/team-apps.ts";
import { grantsOf } from "../../domain/timeline/read-timeline.ts";
import { STALE_ACTION } from "../../pages/portal/app-frame.ts";
import { brandingPage, dangerPage, scopesPage } from "../../pages/portal/app-settings.ts";
import { consentPreview } from "../../pages/portal/consent-preview.ts";
import type { HttpContext } from "../context.ts";
import { appHref, formsOf, frameOf, mayChange, seenVersion } from "./app-scene.ts";
import { previewOf } from "./consent-preview.ts";
import { problemsIn } from "./credentials.ts";
import { doneAt } from "./done.ts";
import type { AppScene, PageRoute } from "./page-route.ts";

const BASE = "/portal/apps/:client";

export const settingPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: `${BASE}/branding`,
    who: "app",
    action: "app.read",
    handle: (c, scene) => c.html(branding(c, scene)),
  },
  {
    method: "POST",
    path: `${BASE}/branding`,
    who: "app",
    action: "app.change",
    async handle(c, scene) {
      const brand = brandIn(scene);
      const changed = await changeTeamApp(scene.deps, scene.visitor, scene.app, seenVersion(scene), brand);
      if (!isRefused(changed)) return c.redirect(doneAt(appHref(scene, "/branding"), "saved"), 303);
      const stale = "stale" in changed;
      const said = { brand, problems: problemsIn(changed), ...(stale && { stored: scene.app }) };
      return c.html(branding(c, scene, said), stale ? 409 : 422);
    },
  },
  {
    // What the page's script asks while somebody types.
    method: "POST",
    path: `${BASE}/branding/preview`,
    who: "app",
    action: "app.change",
    handle: (c, scene) => c.html(String(consentPreview(previewOf(scene, brandIn(scene))))),
  },
  {
    method: "GET",
    path: `${BASE}/scopes`,
    who: "app",
    action: "app.read",
    async handle(c, scene) {
      const asked = await askedScopesOf(scene.deps, scene.team, scene.app);
      return c.html(scopes(c, scene, { asked }));
    },
  },
  {
    method: "POST",
    path: `${BASE}/scopes`,
    who: "app",
    action: "app.change",
    async handle(c, scene) {
      const { deps, visitor, app, form } = scene;
      const chosen = [...deps.apps.scopes().keys()].filter((name) => form.has(`scope.${name}`));
      // A live app keeps to what was reviewed: less at once, more when an operator agrees.
      const live = app.status === "live";
      const wanted = live ? chosen.filter((name) => app.scopes.includes(name)) : chosen;
      const changed = await changeTeamApp(deps, visitor, app, seenVersion(scene), { scopes: wanted });
      if (isRefused(changed))
        return c.html(scopes(c, scene, { chosen, problems: problemsIn(changed) }), "stale" in changed ? 409 : 422);
      const asked = live && (await askForScopes(deps, visitor, { ...scene, app: changed.app }, chosen)).asked;
      return c.redirect(doneAt(appHref(scene, "/scopes"), asked ? "scopes-asked" : "saved"), 303);
    },
  },
  {
    method: "GET",
    path: `${BASE}/danger`,
    who: "app",
    action: "app.read",
    handle: async (c, scene) => c.html(await danger(c, scene)),
  },
  {
    method: "POST",
    path: `${BASE}/danger/suspend`,
    who: "app",
    action: "app.suspend",
    async handle(c, scene) {
      const done = await suspendTeamApp(scene.deps, scene.visitor, scene.app, seenVersion(scene));
      if (isRefused(done))
        return c.html(await danger(c, scene, problemsIn(done, STALE_ACTION)), "stale" in done ? 409 : 422);
      return c.redirect(doneAt(appHref(scene, "/danger"), "suspended"), 303);
    },
  },
  {
    method: "POST",
    path: `${BASE}/danger/resume`,
    who: "app",
    action: "app.suspend",
    async handle(c, scene) {
      const done = await resumeTeamApp(scene.deps, scene.visitor, scene, seenVersion(scene));
      if (isRefused(done))
        return c.html(await danger(c, scene, problemsIn(done, STALE_ACTION)), "stale" in done ? 409 : 422);
      return c.redirect(doneAt(appHref(scene, "/danger"), "resumed"), 303);
    },
  },
  {
    method: "POST",
    path: `${BASE}/danger/delete`,
    who: "app",
    action: "app.delete",
    async handle(c, scene) {
      const { deps, visitor, app, form, team } = scene;
      if ((form.text("typedName") ?? "").trim() !== app.name.trim())
        return c.html(await danger(c, scene, { typedName: "That is not the app’s name." }), 422);
      const done = await deleteTeamApp(deps, visitor, scene, seenVersion(scene));
      if (isRefused(done)) return c.html(await danger(c, scene, problemsIn(done, STALE_ACTION)), 409);
      return c.redirect(doneAt(`/portal/teams/${team.teamId}`, "deleted"), 303);
    },
  },
];

type Brand = Pick<App, "name" | "icon" | "url" | "description">;

function brandIn({ form }: AppScene): Brand {
  const text = (name: string) => (form.text(name) ?? "").trim();
  return { name: text("name"), icon: text("icon"), url: text("url"), description: text("description") };
}

interface BrandingSaid {
  brand?: Brand;
  stored?: Brand;
  problems?: Readonly<Record<string, string>>;
}

const branding = (c: HttpContext, scene: AppScene, said: BrandingSaid = {}): string =>
  brandingPage({
    ...frameOf(c, scene, "/branding"),
    formTo: formsOf(scene),
    mayChange: mayChange(scene),
    brand: scene.app,
    preview: previewOf(scene, said.brand ?? scene.app),
    iconLengthMax: ICON_LENGTH_MAX,
    ...said,
  });

const scopes = (
  c: HttpContext,
  scene: AppScene,
  said: { chosen?: readonly string[]; asked?: readonly string[]; problems?: Readonly<Record<string, string>> } = {},
): string => {
  const stored = new Set(scene.app.scopes);
  const asked = new Set(said.asked);
  const chosen = new Set(said.chosen ?? [...stored, ...asked]);
  return scopesPage({
    ...frameOf(c, scene, "/scopes"),
    formTo: formsOf(scene),
    mayChange: mayChange(scene),
    live: scene.app.status === "live",
    problems: said.problems,
    scopes: [...scene.deps.apps.scopes()].map(([name, description]) => ({
      name,
      description,
      chosen: chosen.has(name),
      asked: asked.has(name),
      stored: said.problems && chosen.has(name) !== stored.has(name) ? stored.has(name) : undefined,
    })),
  });
};

async function danger(c: HttpContext, scene: AppScene, problems?: Readonly<Record<string, string>>): Promise<string> {
  const { deps, app, teamApp, team } = scene;
  const [grants, { lastLoginAt }] = await Promise.all([grantsOf(deps, app.clientId), firstLoginOf(deps, app)]);
  return dangerPage({
    ...frameOf(c, scene, "/danger"),
    formTo: formsOf(scene),
    problems,
    typedName: problems?.typedName === undefined ? undefined : scene.form.text("typedName"),
    suspended: app.status === "suspended",
    may: {
      suspend: may(team.role, "app.suspend"),
      resume: may(team.role, "app.suspend") && mayResume(app, teamApp),
      remove: may(team.role, "app.delete"),
    },
    counts: {
      grants: grants.items.reduce((sum, { active }) => sum + active, 0),
      unavailableRegions: grants.unavailableRegions,
      lastUse:
        lastLoginAt === undefined ? "none that is known" : new Date(lastLoginAt * 1000).toISOString().slice(0, 10),
    },
  });
}
