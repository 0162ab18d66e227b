import { randomBytes } from "node:crypto";
import type { Deps } from "../../deps.ts";
import { hashSecret } from "../../secrets.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";
import type { Session } from "./sessions.ts";

/**
 * A login under way. Kept nowhere: it rides sealed in the hidden field of each page's form, so that a login is bound to
 * the browser it began in, survives any server, and costs nothing when it is abandoned.
 */
export interface Login {
  request: AuthorizationRequest;
  /** Random: what ties its steps together in the app's timeline. */
  id: string;
  /** SHA-256 of the browser's id: another browser's page is worth nothing here (login CSRF, RFC 9700 §4.7). */
  browser: string;
  /** Seconds since 1970 UTC. */
  startedAt: number;
  /** The session that this very login began, which is what `prompt=login` and `max_age` ask for. */
  freshSession?: string;
  /** The account whose next step the user was shown: what one account was asked, another cannot answer. */
  accountId?: string;
  /** `REGION-ID`: chosen, or the only one there is. */
  installation?: string;
  /** The host of an installation under which the app's user came in. */
  host?: string;
}

/** A page that was open longer than this begins anew: an hour is a long lunch, and a night is too old to act on. */
const LIFETIME_SECONDS = 3_600;

export const startLogin = (deps: Deps, request: AuthorizationRequest, browserId: string, host?: string): Login => ({
  request,
  id: request.trialId ?? randomBytes(12).toString("hex"),
  browser: hashSecret(browserId),
  startedAt: deps.now(),
  ...(host !== undefined && { host }),
});

export const sealLogin = (deps: Deps, login: Login): string => deps.keys.seal("login-request", login);

export type OpenedLogin =
  | { state: "usable"; login: Login }
  /** Too old, or shown in another browser (or its cookies are gone): its request can be started again. */
  | { state: "expired" | "foreign"; login: Login }
  | { state: "broken" };

export function openLogin(deps: Deps, sealed: string | undefined, browserId: string | undefined): OpenedLogin {
  const login = deps.keys.open("login-request", sealed ?? "") as Login | undefined;
  if (!login) return { state: "broken" };
  if (browserId === undefined || login.browser !== hashSecret(browserId)) return { state: "foreign", login };
  return { state: deps.now() < login.startedAt + LIFETIME_SECONDS ? "usable" : "expired", login };
}

/** The login after its user has proven who they are. */
export const signedIn = (login: Login, sessionHash: string): Login => {
  const { accountId: _, installation: __, ...rest } = login;
  return { ...rest, freshSession: sessionHash };
};

/** The login with what was typed as its hint, for the next try: nobody types an e-mail twice. */
export const withHint = (login: Login, email: string): Login => ({
  ...login,
  request: { ...login.request, loginHint: email.slice(0, EMAIL_LENGTH_MAX) },
});

const EMAIL_LENGTH_MAX = 254;

/** Whether the session was begun for this login, or is as young as the app wants it. */
export function isFreshEnough(login: Login, session: Session): boolean {
  if (login.freshSession === session.sessionHash) return true;
  const { prompt, maxAgeSeconds } = login.request;
  if (prompt.includes("login") || maxAgeSeconds === 0) return false; // OpenID Connect Core §3.1.2.1: they are the same
  return maxAgeSeconds === undefined || session.region.now() - session.authenticatedAt <= maxAgeSeconds;
}
