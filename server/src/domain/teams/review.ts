import { randomBytes } from "node:crypto";
import type { Deps } from "../../deps.ts";
import type { App, AppStatus } from "../../store/directory/apps.ts";
import type { Team } from "../../store/directory/teams.ts";
import type { AppReview, ReviewEvent, ScopeRequest } from "../../store/region/app-reviews.ts";
import type { TeamProfile } from "../../store/region/team-profiles.ts";
import { setAppStatus } from "../apps/manage-apps.ts";
import { actorName, auditEntry } from "../audit.ts";
import type { Refused } from "../refused.ts";
import type { OwnApp } from "./team-apps.ts";
import type { Actor, TeamApp } from "./teams.ts";
import { tellOperators } from "./tell.ts";

export type { AppReview, ReviewEvent, ScopeRequest } from "../../store/region/app-reviews.ts";

/** What a reviewer will look for. Without those that are required an app cannot be submitted. */
export interface Requirement {
  what: "publisher" | "redirectUri" | "description" | "icon" | "privacy";
  required: boolean;
  met: boolean;
}

/** @param profile  of the team; `undefined` while its region does not answer: then nothing of it counts as there. */
export const requirementsOf = (app: App, profile: TeamProfile | undefined): Requirement[] => [
  { what: "publisher", required: true, met: (profile?.publisherName ?? "") !== "" },
  { what: "redirectUri", required: true, met: app.redirectUris.length > 0 },
  { what: "description", required: true, met: app.description.trim() !== "" },
  { what: "icon", required: false, met: app.icon !== "" },
  { what: "privacy", required: false, met: (profile?.privacyUrl ?? "") !== "" },
];

export const maySubmit = ({ status }: Pick<App, "status">): boolean =>
  status === "development" || status === "changes_requested";

/** Asks the operators to make the app live. What they look at stands still until they decided (team-apps.ts). */
export async function submitApp(
  deps: Deps,
  actor: Actor,
  { app, team }: OwnApp,
  seen: number,
): Promise<{ app: App } | Refused> {
  if (seen !== app.version) return { stale: true };
  if (!maySubmit(app)) return { conflict: "The app is in review, or live, or suspended: there is nothing to submit." };
  if (!team.profile) return { conflict: "Your team’s region does not answer right now. Try again in a minute." };
  if (requirementsOf(app, team.profile).some(({ required, met }) => required && !met))
    return { conflict: "Something that a review needs is missing: see the list." };
  const line = { event: "submitted", actor: actorName(actor), scopes: app.scopes } as const;
  const submitted = await carryOut(deps, team, app, "submitted", line);
  if ("app" in submitted) await tellOperators(deps, app, "submitted");
  return submitted;
}

/** Takes the app back into development. */
export async function withdrawApp(
  deps: Deps,
  actor: Actor,
  { app, team }: OwnApp,
  seen: number,
): Promise<{ app: App } | Refused> {
  if (seen !== app.version) return { stale: true };
  if (app.status !== "submitted") return { conflict: "The app is not in review any more." };
  return carryOut(deps, team, app, "development", { event: "withdrawn", actor: actorName(actor) });
}

/**
 * Asks for scopes that a live app has not: it goes on with those it has, and the operators decide. Asking for none takes
 * an earlier wish back.
 */
export async function askForScopes(
  deps: Deps,
  actor: Actor,
  { app, team }: Pick<OwnApp, "app" | "team">,
  scopes: readonly string[],
): Promise<{ asked: boolean }> {
  const more = scopes.filter((name) => !app.scopes.includes(name));
  const { appReviews } = deps.regions.require(team.region).store;
  const { clientId } = app;
  const before = await appReviews.askedScopes(clientId);
  if (JSON.stringify(before?.scopes ?? []) === JSON.stringify(more)) return { asked: more.length > 0 };
  const now = deps.regions.require(team.region).now();
  if (more.length > 0) await appReviews.askScopes({ clientId, scopes: more, askedAt: now });
  else await appReviews.endAsking(clientId);
  const event = more.length > 0 ? "scopes_asked" : "scopes_withdrawn";
  await appReviews.add(reviewOf(app, now, { event, actor: actorName(actor), scopes: more }));
  await deps.directory.audit.record(
    auditEntry(actorName(actor), `app.${event.replace("_", ".")}`, clientId, deps.now(), { scopes: more }),
  );
  if (more.length > 0) await tellOperators(deps, app, "scopes_asked");
  return { asked: more.length > 0 };
}

/** Scopes that a live app waits for; none while its team's region does not answer. */
export async function askedScopesOf(deps: Deps, team: Pick<Team, "region">, app: App): Promise<readonly string[]> {
  return (await reviewHistoryOf(deps, team, app, 1))?.asked?.scopes ?? [];
}

/** What a team, or an operator, sees of an app's review. */
export interface ReviewHistory {
  /** The latest first. */
  reviews: AppReview[];
  /** Scopes that a live app waits for. */
  asked: ScopeRequest | undefined;
}

/** `undefined` while the team's region does not answer. */
export async function reviewHistoryOf(
  deps: Deps,
  team: Pick<Team, "region">,
  app: App,
  linesMax = 50,
): Promise<ReviewHistory | undefined> {
  try {
    const { appReviews } = deps.regions.require(team.region).store;
    const [reviews, asked] = await Promise.all([
      appReviews.latest(app.clientId, linesMax),
      app.status === "live" ? appReviews.askedScopes(app.clientId) : undefined,
    ]);
    return { reviews, asked };
  } catch (error) {
    deps.log.warn({ err: error, region: team.region }, "the history of a review cannot be read");
    return undefined;
  }
}

/** The line of the history that made the app what it is now; `undefined` where nobody wrote one (the operator's API). */
export function currentReview({ status }: Pick<App, "status">, reviews: readonly AppReview[]): AppReview | undefined {
  const last = reviews.find(({ event }) => !event.startsWith("scopes_") && event !== "resumed");
  return last && EVENTS_TO[status] === last.event ? last : undefined;
}

const EVENTS_TO: Readonly<Record<AppStatus, ReviewEvent>> = {
  development: "withdrawn",
  submitted: "submitted",
  live: "approved",
  changes_requested: "changes_requested",
  suspended: "suspended",
};

export interface NewReview {
  event: ReviewEvent;
  actor: string;
  comment?: string;
  scopes?: readonly string[];
}

export const reviewOf = (app: App, at: number, { event, actor, comment = "", scopes = [] }: NewReview): AppReview => ({
  clientId: app.clientId,
  reviewId: newReviewId(),
  at,
  event,
  actor,
  fromStatus: app.status,
  comment,
  scopes,
});

/** Grows with time, so that lines of one second stand in their order: 14 digits of microseconds, 18 at random. */
const newReviewId = (): string =>
  Math.floor((performance.timeOrigin + performance.now()) * 1_000)
    .toString(16)
    .padStart(14, "0") + randomBytes(9).toString("hex");

/**
 * The history, then the status: a decision that nobody can read is worse than a line about one that was cut off before it
 * took effect. Where the status was changed by somebody else meanwhile the line is taken back.
 *
 * @throws {DatabaseUnavailable} the team's region does not answer; then nothing is changed.
 */
export async function carryOut(
  deps: Deps,
  team: Pick<Team, "region">,
  app: App,
  status: AppStatus,
  review: NewReview,
): Promise<{ app: App; review: AppReview } | Refused> {
  const region = deps.regions.require(team.region);
  const line = reviewOf(app, region.now(), review);
  await region.store.appReviews.add(line);
  const changed = await setAppStatus(deps, app, status, review.actor);
  if ("app" in changed) return { ...changed, review: line };
  await region.store.appReviews.remove(line);
  return changed;
}

/** Removes what is kept of the review of an app that is gone. While the region is down it stays, and means nothing. */
export async function forgetReview(
  deps: Deps,
  { clientId, teamId }: Pick<TeamApp, "clientId" | "teamId">,
): Promise<void> {
  const team = await deps.directory.teams.find(teamId);
  const region = team && deps.regions.find(team.region);
  try {
    while (region && (await region.store.appReviews.forget(clientId)) > 0);
  } catch (error) {
    deps.log.warn({ err: error, region: team?.region }, "the history of a deleted app's review could not be removed");
  }
}
