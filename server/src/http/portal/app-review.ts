import { actorName } from "../../domain/audit.ts";
import { isRefused, type Refused } from "../../domain/refused.ts";
import { may } from "../../domain/teams/policy.ts";
import {
  type AppReview,
  currentReview,
  type Requirement,
  requirementsOf,
  reviewHistoryOf,
  submitApp,
  withdrawApp,
} from "../../domain/teams/review.ts";
import { STALE_ACTION } from "../../pages/portal/app-frame.ts";
import { type ReviewLine, type ReviewProps, reviewPage } from "../../pages/portal/app-review.ts";
import type { HttpContext } from "../context.ts";
import { appHref, formsOf, frameOf, seenVersion } from "./app-scene.ts";
import { problemsIn } from "./credentials.ts";
import { doneAt } from "./done.ts";
import type { AppScene, PageRoute } from "./page-route.ts";

const PATH = "/portal/apps/:client/review";

/** An app on its way from the sandbox to everybody. A team submits and withdraws; operators decide. */
export const reviewPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: PATH,
    who: "app",
    action: "app.read",
    handle: async (c, scene) => c.html(await review(c, scene)),
  },
  {
    method: "POST",
    path: `${PATH}/submit`,
    who: "app",
    action: "app.submit",
    async handle(c, scene) {
      const done = await submitApp(scene.deps, scene.visitor, scene, seenVersion(scene));
      if (isRefused(done)) return c.html(await review(c, scene, done), "stale" in done ? 409 : 422);
      return c.redirect(doneAt(appHref(scene, "/review"), "submitted"), 303);
    },
  },
  {
    method: "POST",
    path: `${PATH}/withdraw`,
    who: "app",
    action: "app.submit",
    async handle(c, scene) {
      const done = await withdrawApp(scene.deps, scene.visitor, scene, seenVersion(scene));
      if (isRefused(done)) return c.html(await review(c, scene, done), "stale" in done ? 409 : 422);
      return c.redirect(doneAt(appHref(scene, "/review"), "withdrawn"), 303);
    },
  },
];

async function review(c: HttpContext, scene: AppScene, refused?: Refused): Promise<string> {
  const { deps, app, team, visitor } = scene;
  const history = await reviewHistoryOf(deps, team, app);
  const line = (review: AppReview) => lineOf(deps.apps.scopes(), review, whoOf(review, visitor.accountId));
  const current = currentReview(app, history?.reviews ?? []);
  return reviewPage({
    ...frameOf(c, scene, "/review"),
    formTo: formsOf(scene),
    maySubmit: may(team.role, "app.submit"),
    current: current && line(current),
    requirements: requirementsOf(app, team.profile).map((one) => worded(scene, one)),
    asked: (history?.asked?.scopes ?? []).map((name) => deps.apps.scopes().get(name) || name),
    history: history?.reviews.map(line),
    problems: refused && problemsIn(refused, STALE_ACTION),
  });
}

/** Operators are nobody in particular to a team. */
function whoOf({ event, actor }: AppReview, accountId: string): string {
  if (actor === "operator" || !OF_THE_TEAM.includes(event)) return "An operator";
  return actor === actorName({ accountId }) ? "You" : "Your team";
}

const OF_THE_TEAM: readonly string[] = ["submitted", "withdrawn", "scopes_asked", "scopes_withdrawn"];

export const lineOf = (
  words: ReadonlyMap<string, string>,
  { event, at, comment, scopes }: AppReview,
  who: string,
): ReviewLine => ({ event, who, at, comment, scopes: scopes.map((name) => words.get(name) || name) });

function worded(scene: AppScene, { what, required, met }: Requirement): ReviewProps["requirements"][number] {
  const team = `/portal/teams/${scene.team.teamId}/publisher`;
  const words = {
    publisher: ["Say who publishes it", "Users read the name where they allow the app.", team],
    redirectUri: ["Register a redirect URI", "Where people come back to.", appHref(scene, "/credentials")],
    description: ["Describe it", "In a sentence or two, on the Branding tab.", appHref(scene, "/branding")],
    icon: [
      "Give it an icon",
      "For lists of apps. Pages of a login load nothing from elsewhere and show its initials.",
      appHref(scene, "/branding"),
    ],
    privacy: ["Link a privacy policy", "Shown where people allow the app.", team],
  } as const;
  const [label, hint, href] = words[what];
  return { label, hint, href, required, met };
}
