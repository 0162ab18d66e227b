import { findApp } from "../../domain/apps/manage-apps.ts";
import type { App } from "../../domain/apps/registry.ts";
import { actorName } from "../../domain/audit.ts";
import { portalCredential } from "../../domain/portal/portal-app.ts";
import { isRefused } from "../../domain/refused.ts";
import { type Decision, decide, type Owner, ownerOf, statusBefore } from "../../domain/teams/decisions.ts";
import { type AppReview, reviewHistoryOf } from "../../domain/teams/review.ts";
import { profileOf } from "../../domain/teams/teams.ts";
import * as words from "../../pages/errors/words.ts";
import { operatorAppPage } from "../../pages/operator/apps.ts";
import { STALE_ACTION, statusWords } from "../../pages/portal/app-frame.ts";
import type { HttpContext } from "../context.ts";
import { showError } from "../error-page.ts";
import { lineOf } from "../portal/app-review.ts";
import { seenVersion } from "../portal/app-scene.ts";
import { problemsIn } from "../portal/credentials.ts";
import type { PageRoute, Scene } from "../portal/page-route.ts";
import { doneAt, frameOf } from "./frame.ts";

const PATH = "/operator/apps/:client";

/** Each decision, the form that asks for it, and that form's field for a comment. */
const DECIDED: readonly { path: string; decision: Decision; field?: string }[] = [
  { path: "/approve", decision: "approve", field: "approval" },
  { path: "/request-changes", decision: "request_changes", field: "comment" },
  { path: "/suspend", decision: "suspend", field: "reason" },
  { path: "/resume", decision: "resume" },
  { path: "/grant-scopes", decision: "grant_scopes" },
  { path: "/decline-scopes", decision: "decline_scopes" },
];

export const appReviewPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: PATH,
    who: "operator",
    async handle(c, scene) {
      const app = await appOf(c, scene);
      return app ? c.html(await page(c, scene, app)) : showError(c, 404, words.notFound());
    },
  },
  ...DECIDED.map(
    ({ path, decision, field }): PageRoute => ({
      method: "POST",
      path: PATH + path,
      who: "operator",
      async handle(c, scene) {
        const { deps, visitor, form } = scene;
        const app = await appOf(c, scene);
        if (!app) return showError(c, 404, words.notFound());
        const comment = field === undefined ? "" : (form.text(field) ?? "");
        if (decision === "suspend" && (form.text("typedName") ?? "").trim() !== app.name.trim())
          return c.html(await page(c, scene, app, { comment, problems: { typedName: NOT_THE_NAME } }), 422);
        const owner = await ownerOf(deps, app.clientId);
        const seenScopes = (form.text("asked") ?? "").split(" ").filter(Boolean);
        const seenPublisher = Number(form.text("publisher") ?? 0);
        const decided = { decision, comment, seen: seenVersion(scene), seenScopes, seenPublisher };
        const done = await decide(deps, app, owner, decided, actorName(visitor));
        if (!isRefused(done)) return c.redirect(doneAt(`/operator/apps/${app.clientId}`, decision), 303);
        const { comment: sentence, ...others } = problemsIn(done, STALE_ACTION);
        const problems = sentence === undefined ? others : { ...others, [field ?? "form"]: sentence };
        return c.html(await page(c, scene, app, { comment, problems }), "stale" in done ? 409 : 422);
      },
    }),
  ),
];

/** Not the portal: who suspended it could not come back to lift that. */
async function appOf(c: HttpContext, { deps }: Scene): Promise<App | undefined> {
  const clientId = c.req.param("client") ?? "";
  return clientId === portalCredential(deps).clientId ? undefined : findApp(deps, clientId);
}

const NOT_THE_NAME = "That is not the app’s name.";

interface Said {
  comment: string;
  problems: Readonly<Record<string, string>>;
}

async function page(c: HttpContext, scene: Scene, app: App, said?: Said): Promise<string> {
  const { deps, hidden, visitor } = scene;
  const owner = await ownerOf(deps, app.clientId);
  const scopes = deps.apps.scopes();
  const [publisher, history, before] = await Promise.all([
    publisherOf(scene, owner),
    owner && reviewHistoryOf(deps, owner.team, app),
    statusBefore(deps, app, owner),
  ]);
  const line = (review: AppReview) =>
    lineOf(scopes, review, review.actor === actorName(visitor) ? "You" : whoOf(review));
  return operatorAppPage({
    ...frameOf(c, scene, "apps"),
    app: { ...app, scopes: app.scopes.map((name) => scopes.get(name) || name) },
    publisher,
    region: owner?.team.region,
    history: history?.reviews.map(line),
    asked: (history?.asked?.scopes ?? []).map((name) => scopes.get(name) || name),
    before: statusWords(before),
    formTo: (path) => ({
      action: `/operator/apps/${app.clientId}${path}`,
      hidden: {
        ...hidden,
        version: String(app.version),
        publisher: typeof publisher === "object" ? String(publisher.version) : "0",
        ...(path.endsWith("-scopes") && { asked: (history?.asked?.scopes ?? []).join(" ") }),
      },
    }),
    comment: said?.comment ?? "",
    problems: said?.problems,
  });
}

async function publisherOf({ deps }: Scene, owner: Owner | undefined) {
  if (!owner) return "no-team" as const;
  const profile = await profileOf(deps, owner.team);
  return profile ? { ...profile, teamName: profile.name } : ("unavailable" as const);
}

/** Accounts by their ids: names of people who act are in no log. */
const whoOf = ({ actor }: AppReview): string => (actor === "operator" ? "The operator’s API" : actor);
