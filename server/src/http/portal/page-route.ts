import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import type { App } from "../../domain/apps/registry.ts";
import { isOperator, isTestUser, mayOpenPortal, type Visitor } from "../../domain/portal/visitors.ts";
import { may, type TeamAction } from "../../domain/teams/policy.ts";
import { findOwnApp } from "../../domain/teams/team-apps.ts";
import { type OwnTeam, type TeamApp, teamsOf } from "../../domain/teams/teams.ts";
import * as words from "../../pages/errors/words.ts";
import { type BodyFields, NO_FIELDS, readForm } from "../body.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { formToken, requireFormToken, requireSameOrigin } from "../csrf.ts";
import { showError } from "../error-page.ts";
import type { Ask } from "../talk.ts";
import { sayingWhatIsDown } from "./newcomers.ts";
import { findVisitor } from "./session.ts";

/** What every page behind the portal's login knows. */
export interface Scene {
  deps: Deps;
  /** Sends a request to this very server, as an app would. */
  ask: Ask;
  visitor: Visitor;
  /** Of a POST; empty for a GET. */
  form: BodyFields;
  /** To be carried by every form: `{ form_token }`. */
  hidden: Readonly<Record<string, string>>;
}

export interface TeamScene extends Scene {
  team: OwnTeam;
  teams: readonly OwnTeam[];
}

export interface AppScene extends TeamScene {
  app: App;
  teamApp: TeamApp;
}

type Answer = Response | Promise<Response>;

/**
 * A page and who may use it. There is no other way to make one, so no route can forget to ask:
 *
 * - `signed-in`: whoever is signed in, about themselves.
 * - `team`: the path has `:team`; its members whose role may do `action`.
 * - `app`: the path has `:client`; members of its team whose role may do `action`.
 * - `operator`: accounts named by `npm run operator`.
 */
export type PageRoute = { method: "GET" | "POST"; path: string } & (
  | { who: "signed-in"; handle(c: HttpContext, scene: Scene): Answer }
  | { who: "team"; action: TeamAction; handle(c: HttpContext, scene: TeamScene): Answer }
  | { who: "app"; action: TeamAction; handle(c: HttpContext, scene: AppScene): Answer }
  | { who: "operator"; handle(c: HttpContext, scene: Scene): Answer }
);

/** Portal, account and operator pages share these rules; login pages do not, for nobody is known there yet. */
export function pageRoutes(deps: Deps, pages: readonly PageRoute[], ask: Ask): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  for (const page of pages)
    routes.on(page.method, page.path, (c) =>
      sayingWhatIsDown(c, deps, () => enter(c, deps, page, ask), words.pageUnavailable),
    );
  return routes;
}

async function enter(c: HttpContext, deps: Deps, page: PageRoute, ask: Ask): Promise<Response> {
  const visitor = await findVisitor(c, deps);
  if (!visitor) return toLogin(c, page);
  const isAccount = c.req.path.startsWith("/account");
  if (!isAccount && isTestUser(visitor))
    return showError(c, 403, words.testUser(visitor.email), { again: AS_SOMEBODY_ELSE });
  if (c.req.path.startsWith("/portal") && !(await mayOpenPortal(deps, visitor)))
    return showError(c, 403, words.portalClosed());
  // A window that the portal opens (Try it) is its own business; nobody else's may hold on to ours.
  c.header("cross-origin-opener-policy", "same-origin-allow-popups");
  const form = await formOf(c, deps, page);
  return answer(c, page, { deps, ask, visitor: await withOperator(deps, page, visitor), ...form });
}

const AS_SOMEBODY_ELSE = { href: "/portal/login?as=another", label: "Sign in as yourself" };

const toLogin = (c: HttpContext, page: PageRoute): Response =>
  c.redirect(page.method === "GET" ? `/portal/login?to=${encodeURIComponent(c.req.path)}` : "/portal/login", 303);

async function formOf(c: HttpContext, deps: Deps, page: PageRoute): Promise<Pick<Scene, "form" | "hidden">> {
  const hidden = { form_token: formToken(c, deps) };
  if (page.method === "GET") return { form: NO_FIELDS, hidden };
  requireSameOrigin(c, deps);
  const form = await readForm(c);
  requireFormToken(c, deps, form);
  return { form, hidden };
}

async function answer(c: HttpContext, page: PageRoute, scene: Scene): Promise<Response> {
  switch (page.who) {
    case "signed-in":
      return page.handle(c, scene);
    case "operator":
      return scene.visitor.operator ? page.handle(c, scene) : nothingHere(c);
    case "team": {
      const found = await teamScene(scene, c.req.param("team") ?? "");
      if (!found) return nothingHere(c);
      return may(found.team.role, page.action) ? page.handle(c, found) : notForThisRole(c);
    }
    case "app": {
      const found = await appScene(scene, c.req.param("client") ?? "");
      if (!found) return nothingHere(c);
      return may(found.team.role, page.action) ? page.handle(c, found) : notForThisRole(c);
    }
  }
}

/** Every page leads operators on to theirs; only theirs cannot be shown while nobody can say who is one. */
async function withOperator(deps: Deps, { who }: PageRoute, visitor: Visitor): Promise<Visitor> {
  const asked = isOperator(deps, visitor);
  return { ...visitor, operator: await (who === "operator" ? asked : asked.catch(() => false)) };
}

async function teamScene(scene: Scene, teamId: string): Promise<TeamScene | undefined> {
  const teams = await teamsOf(scene.deps, scene.visitor);
  const team = teams.find((one) => one.teamId === teamId);
  return team && { ...scene, teams, team };
}

async function appScene(scene: Scene, clientId: string): Promise<AppScene | undefined> {
  const found = await findOwnApp(scene.deps, scene.visitor, clientId);
  return found && { ...scene, ...found };
}

/** The same for what does not exist and for what is somebody else's. */
const nothingHere = (c: HttpContext): Response => showError(c, 404, words.notFound());

const notForThisRole = (c: HttpContext): Response => showError(c, 403, words.notForYourRole());
