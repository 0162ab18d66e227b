import { z } from "zod";
import { findApp } from "../../domain/apps/manage-apps.ts";
import type { App } from "../../domain/apps/registry.ts";
import { isRefused } from "../../domain/refused.ts";
import {
  COMMENT_LENGTH_MAX,
  DECISIONS,
  decide,
  isAboutScopes,
  type Owner,
  ownerOf,
} from "../../domain/teams/decisions.ts";
import type { AppReview } from "../../domain/teams/review.ts";
import { presentApp } from "./apps.ts";
import { collection, OPERATOR } from "./collection.ts";
import { text, time } from "./fields.ts";

const body = z.strictObject({
  decision: z.enum(DECISIONS),
  /** The app's team reads it; it stays in the team's region. */
  comment: text(COMMENT_LENGTH_MAX).default(""),
  /** Of `grant_scopes` and `decline_scopes`: those asked for, as the last `scopes_asked` says. */
  scopes: z.array(z.string()).optional(),
});

interface Reviewed {
  app: App;
  owner: Owner;
}

const present = ({ reviewId, at, event, actor, fromStatus, comment, scopes }: AppReview) => ({
  id: reviewId,
  at,
  event,
  actor,
  fromStatus,
  comment,
  scopes,
});

/**
 * The review of an app that belongs to a team: what was said and decided, the oldest first; POST decides. With the app's
 * ETag in `If-Match` it decides about what was looked at, or answers 412.
 */
export const appReviews = collection({
  path: "/apps/{clientId}/reviews",
  noun: "decision about an app",
  key: "position",
  view: z.object({
    id: z.string(),
    at: time,
    event: z.string(),
    actor: z.string(),
    fromStatus: z.string(),
    comment: z.string(),
    scopes: z.array(z.string()),
  }),
  present,
  keyOf: ({ at, reviewId }: AppReview) => `${at}.${reviewId}`,
  async scope(deps, { clientId = "" }): Promise<Reviewed | undefined> {
    const [app, owner] = await Promise.all([findApp(deps, clientId), ownerOf(deps, clientId)]);
    return app && owner && { app, owner };
  },
  list(deps, { app, owner }, after, limit) {
    const [at = "0", reviewId = ""] = after.split(".");
    const { appReviews } = deps.regions.require(owner.team.region).store;
    return appReviews.page(app.clientId, { at: Number(at), reviewId }, limit);
  },
  create: {
    body,
    matched: ({ app }) => presentApp(app),
    async run(deps, { app, owner }, { scopes, ...decided }) {
      if (isAboutScopes(decided.decision) && scopes === undefined)
        return { problems: { scopes: "Say which scopes this is about: those that were asked for." } };
      const result = await decide(deps, app, owner, { ...decided, seen: app.version, seenScopes: scopes }, OPERATOR);
      if (isRefused(result))
        return "stale" in result
          ? { conflict: "The app, or what it asks for, was changed meanwhile. Look at it again." }
          : result;
      return result.review ? { item: result.review } : { conflict: "The app is no team’s any more." };
    },
  },
});
