/** `HMAC(pepper, normalised e-mail)`, base64url, and which pepper that was. */
export interface RouteKey {
  generation: number;
  key: string;
}

/** The keys of one e-mail, by the pepper there is; while it is rotated by both, the older one first. */
export type RouteKeys = readonly [RouteKey] | readonly [RouteKey, RouteKey];

/** For `IN ($1, $2)`: one statement, whether there are one or two. */
export const eitherKey = ([first, second]: RouteKeys): [string, string] => [first.key, (second ?? first).key];
