import type { Deps } from "../../deps.ts";
import type { App, AppStatus } from "../../store/directory/apps.ts";
import type { Team } from "../../store/directory/teams.ts";
import { changeApp, setAppStatus } from "../apps/manage-apps.ts";
import { auditEntry } from "../audit.ts";
import type { Refused } from "../refused.ts";
import { type AppReview, carryOut, type NewReview, type ReviewEvent, reviewOf } from "./review.ts";
import type { TeamApp } from "./teams.ts";
import { tellTeam } from "./tell.ts";

/** What an operator can decide about an app. */
export const DECISIONS = ["approve", "request_changes", "suspend", "resume", "grant_scopes", "decline_scopes"] as const;
export type Decision = (typeof DECISIONS)[number];

export const COMMENT_LENGTH_MAX = 2_000;

/** Whose app it is; apps of the operator's API are no team's. */
export interface Owner {
  teamApp: TeamApp;
  team: Team;
}

export async function ownerOf(deps: Deps, clientId: string): Promise<Owner | undefined> {
  const teamApp = await deps.directory.teams.findApp(clientId);
  const team = teamApp && (await deps.directory.teams.find(teamApp.teamId));
  return team && { teamApp, team };
}

/** The app as it is now, and the line of its history; an app of no team has none. */
export interface DecidedApp {
  app: App;
  review?: AppReview;
}

export interface Decided {
  decision: Decision;
  /** For the team; asked for where it must do something. May be empty elsewhere. */
  comment: string;
  /** The version of the app that the operator saw. */
  seen: number;
  /** The scopes that the operator saw asked for, where that is what is decided. */
  seenScopes?: readonly string[] | undefined;
  /** The version of the publisher's record that the operator saw beside the app. */
  seenPublisher?: number | undefined;
}

/**
 * An operator's decision: the app's new state, a line in the history that its team reads, and a mail to its owners and
 * admins that there is something to read.
 *
 * @param actor `account:ID`, or `operator`.
 * @throws {DatabaseUnavailable} the team's region does not answer; then the status is as it was, and what was decided of
 * scopes is to be decided once more. A suspension waits for no region: it goes without its line.
 */
export async function decide(
  deps: Deps,
  app: App,
  owner: Owner | undefined,
  { decision, comment, seen, seenScopes = [], seenPublisher }: Decided,
  actor: string,
): Promise<DecidedApp | Refused> {
  if (seen !== app.version) return { stale: true };
  if (comment.length > COMMENT_LENGTH_MAX)
    return { problems: { comment: `At most ${COMMENT_LENGTH_MAX} characters.` } };
  if (decision === "request_changes" && comment.trim() === "")
    return { problems: { comment: "Say what is to be changed: the team reads it." } };
  if (decision === "approve" && owner && seenPublisher !== undefined) {
    const profile = await deps.regions.require(owner.team.region).store.teamProfiles.find(owner.team.teamId);
    if (profile?.version !== seenPublisher) return { stale: true };
  }
  const review = {
    event: EVENTS[decision],
    actor,
    comment: comment.trim(),
    scopes: isAboutScopes(decision) ? seenScopes : [],
  };
  const decided = await carryOutDecision(deps, app, owner, decision, review);
  if (!("app" in decided)) return decided;
  if (owner) await tellTeam(deps, owner.team, decided.app, review.event);
  return decided;
}

export const isAboutScopes = (decision: Decision): boolean => decision.endsWith("_scopes");

const EVENTS: Readonly<Record<Decision, ReviewEvent>> = {
  approve: "approved",
  request_changes: "changes_requested",
  suspend: "suspended",
  resume: "resumed",
  grant_scopes: "scopes_granted",
  decline_scopes: "scopes_declined",
};

async function carryOutDecision(
  deps: Deps,
  app: App,
  owner: Owner | undefined,
  decision: Decision,
  review: NewReview,
): Promise<DecidedApp | Refused> {
  const set = (status: AppStatus) =>
    owner ? carryOut(deps, owner.team, app, status, review) : setAppStatus(deps, app, status, review.actor);
  switch (decision) {
    case "approve":
    case "request_changes":
      if (app.status !== "submitted") return { conflict: "The app is not in review any more." };
      return set(decision === "approve" ? "live" : "changes_requested");
    case "suspend":
      return suspend(deps, app, owner, review);
    case "resume":
      if (app.status !== "suspended") return { conflict: "The app is not suspended." };
      return set(await statusBefore(deps, app, owner));
    case "grant_scopes":
    case "decline_scopes":
      return owner ? decideScopes(deps, app, owner, review) : { conflict: "No team asks for scopes of this app." };
  }
}

/** At once, whatever else is down. A team's own suspension becomes the operator's: no team resumes it then. */
async function suspend(
  deps: Deps,
  app: App,
  owner: Owner | undefined,
  review: NewReview,
): Promise<DecidedApp | Refused> {
  const line = owner && reviewOf({ ...app, status: await statusBefore(deps, app, owner) }, deps.now(), review);
  const suspended = await setAppStatus(deps, app, "suspended", review.actor);
  if (line && "app" in suspended)
    await deps.regions
      .require(owner.team.region)
      .store.appReviews.add(line)
      .catch((error) => deps.log.warn({ err: error, clientId: app.clientId }, "a suspension goes without its comment"));
  return line && "app" in suspended ? { ...suspended, review: line } : suspended;
}

/** What a suspended app was before, as far as anybody knows; the status of one that is not suspended. */
export async function statusBefore(deps: Deps, app: App, owner: Owner | undefined): Promise<AppStatus> {
  if (app.status !== "suspended") return app.status;
  if (!owner) return "development";
  const { suspendedFrom, suspendedVersion } = owner.teamApp;
  if (suspendedFrom !== null && suspendedVersion === app.version) return suspendedFrom as AppStatus;
  const region = deps.regions.require(owner.team.region);
  const reviews = await region.store.appReviews.latest(app.clientId, 50).catch(() => []);
  const [last] = reviews.filter(({ event }) => event === "suspended" || event === "resumed");
  return last?.event === "suspended" ? (last.fromStatus as AppStatus) : "development";
}

/** Of what the operator saw, and nothing that was asked for since. The request goes last: what is cut off is decided once more. */
async function decideScopes(deps: Deps, app: App, { team }: Owner, review: NewReview): Promise<DecidedApp | Refused> {
  const region = deps.regions.require(team.region);
  const { appReviews } = region.store;
  const asked = app.status === "live" ? await appReviews.askedScopes(app.clientId) : undefined;
  if (!asked) return { conflict: "The app asks for no more scopes." };
  if (JSON.stringify(asked.scopes.toSorted()) !== JSON.stringify(review.scopes?.toSorted())) return { stale: true };
  const line = reviewOf(app, region.now(), { ...review, scopes: asked.scopes });
  const scopes = [...new Set([...app.scopes, ...asked.scopes])];
  const decided =
    review.event === "scopes_granted" ? await changeApp(deps, app, { ...app, scopes }, review.actor) : { app };
  if (!("app" in decided)) return decided;
  const ended = await appReviews.endAskingFor(app.clientId, asked.scopes);
  if (!ended && review.event === "scopes_declined") return { stale: true };
  await appReviews.add(line);
  const action = `app.${review.event.replace("_", ".")}`;
  await deps.directory.audit.record(
    auditEntry(review.actor, action, app.clientId, deps.now(), { scopes: asked.scopes }),
  );
  return { ...decided, review: line };
}

/** A line about a status that was set past all of this, by the operator's API. */
export async function noteStatus(deps: Deps, before: App, after: App, actor: string): Promise<void> {
  if (before.status === after.status) return;
  const owner = await ownerOf(deps, after.clientId);
  const region = owner && deps.regions.require(owner.team.region);
  const event = before.status === "suspended" ? "resumed" : EVENT_OF[after.status];
  await region?.store.appReviews
    .add(reviewOf(before, region.now(), { event, actor }))
    .catch((error) => deps.log.warn({ err: error, clientId: after.clientId }, "a status goes without its line"));
}

const EVENT_OF: Readonly<Record<AppStatus, ReviewEvent>> = {
  development: "withdrawn",
  submitted: "submitted",
  live: "approved",
  changes_requested: "changes_requested",
  suspended: "suspended",
};
