import type { Database } from "../database.ts";

export type ReviewEvent =
  | "submitted"
  | "withdrawn"
  | "approved"
  | "changes_requested"
  | "suspended"
  | "resumed"
  | "scopes_asked"
  | "scopes_withdrawn"
  | "scopes_granted"
  | "scopes_declined";

/** One row of `app_review`. Times are seconds since 1970 UTC. */
export interface AppReview {
  clientId: string;
  /** Grows with time. */
  reviewId: string;
  at: number;
  event: ReviewEvent;
  /** `account:ID`, or `operator` for whoever held the operator's token. */
  actor: string;
  /** The app's before. */
  fromStatus: string;
  /** May be empty. */
  comment: string;
  /** What was asked for. */
  scopes: readonly string[];
}

/** One row of `scope_request`. */
export interface ScopeRequest {
  clientId: string;
  scopes: readonly string[];
  askedAt: number;
}

const COLUMNS = `client_id AS "clientId", review_id AS "reviewId", at, event, actor, from_status AS "fromStatus", comment,
  scopes`;
const ADD = `INSERT INTO app_review (client_id, review_id, at, event, actor, from_status, comment, scopes)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
const REMOVE = `DELETE FROM app_review WHERE client_id = $1 AND review_id = $2`;
const LATEST = `SELECT ${COLUMNS} FROM app_review WHERE client_id = $1 ORDER BY at DESC, review_id DESC LIMIT $2`;
const PAGE = `SELECT ${COLUMNS} FROM app_review
  WHERE client_id = $1 AND (at > $2 OR (at = $2 AND review_id > $3)) ORDER BY at, review_id LIMIT $4`;
const FORGET = `DELETE FROM app_review WHERE client_id = $1 AND review_id IN (
  SELECT review_id FROM app_review WHERE client_id = $1 LIMIT 500)`;

const ASK = `INSERT INTO scope_request (client_id, scopes, asked_at) VALUES ($1, $2, $3)
  ON CONFLICT (client_id) DO UPDATE SET scopes = $2, asked_at = $3`;
const ASKED = `SELECT client_id AS "clientId", scopes, asked_at AS "askedAt" FROM scope_request WHERE client_id = $1`;
const ALL_ASKED = `SELECT client_id AS "clientId", scopes, asked_at AS "askedAt" FROM scope_request
  WHERE client_id > $1 ORDER BY client_id LIMIT $2`;
const END_ASKING = `DELETE FROM scope_request WHERE client_id = $1`;
const END_ASKING_FOR = `DELETE FROM scope_request WHERE client_id = $1 AND scopes = $2`;

type WithList = { scopes: string };
type ReviewRow = Omit<AppReview, "scopes"> & WithList;
type RequestRow = Omit<ScopeRequest, "scopes"> & WithList;
const listed = <T extends WithList>(row: T) => ({ ...row, scopes: JSON.parse(row.scopes) as string[] });

/** The history of apps' reviews, and what live apps ask for. Kept where their teams are at home. */
export const appReviews = (db: Database) => ({
  add: async (review: AppReview): Promise<void> => {
    const { clientId, reviewId, at, event, actor, fromStatus, comment, scopes } = review;
    await db.batch([[ADD, [clientId, reviewId, at, event, actor, fromStatus, comment, JSON.stringify(scopes)]]]);
  },

  /** Takes back what did not happen after all. */
  remove: async ({ clientId, reviewId }: Pick<AppReview, "clientId" | "reviewId">): Promise<void> => {
    await db.batch([[REMOVE, [clientId, reviewId]]]);
  },

  /** The latest first. */
  latest: async (clientId: string, limit: number): Promise<AppReview[]> =>
    (await db.read<ReviewRow>(LATEST, [clientId, limit])).map(listed),

  /** The oldest first, after the one given. */
  page: async (clientId: string, after: Pick<AppReview, "at" | "reviewId">, limit: number): Promise<AppReview[]> =>
    (await db.read<ReviewRow>(PAGE, [clientId, after.at, after.reviewId, limit])).map(listed),

  /** Up to 500 rows of an app that is no more, and how many. */
  forget: async (clientId: string): Promise<number> => {
    const [forgotten] = await db.batch([
      [FORGET, [clientId]],
      [END_ASKING, [clientId]],
    ]);
    return forgotten?.count ?? 0;
  },

  /** Asks for these scopes instead of those asked for before. */
  askScopes: async ({ clientId, scopes, askedAt }: ScopeRequest): Promise<void> => {
    await db.batch([[ASK, [clientId, JSON.stringify(scopes), askedAt]]]);
  },

  askedScopes: async (clientId: string): Promise<ScopeRequest | undefined> =>
    (await db.read<RequestRow>(ASKED, [clientId])).map(listed)[0],

  /** Of all apps, in the order of their client ids, after the one given. */
  allAskedScopes: async (after: string, limit: number): Promise<ScopeRequest[]> =>
    (await db.read<RequestRow>(ALL_ASKED, [after, limit])).map(listed),

  endAsking: async (clientId: string): Promise<void> => {
    await db.batch([[END_ASKING, [clientId]]]);
  },

  /** False when these are not what is asked for. */
  endAskingFor: async (clientId: string, scopes: readonly string[]): Promise<boolean> =>
    (await db.batch([[END_ASKING_FOR, [clientId, JSON.stringify(scopes)]]]))[0]?.count === 1,
});
