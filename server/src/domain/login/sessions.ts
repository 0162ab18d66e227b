import type { Deps } from "../../deps.ts";
import { hashSecret } from "../../secrets.ts";
import type { SessionRecord } from "../../store/region/sessions.ts";
import type { Region } from "../regions/regions.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** How long a browser stays signed in after its last use (wire section 2). */
const IDLE_SECONDS = 12 * HOUR;
const IDLE_REMEMBERED_SECONDS = 30 * DAY;
/** And in any case. */
const AGE_SECONDS = 90 * DAY;
/** The last use is written at most this often, so that a page is not a write. */
const TOUCH_SECONDS = 60;

/** A browser that is signed in. */
export interface Session extends SessionRecord {
  /** The account's home, where the session is kept. */
  region: Region;
}

/** A cookie's value names the region, so that one browser asks one region: `US.secret`. */
export const sessionCookie = (region: string, secret: string): string => `${region}.${secret}`;

/** How long the browser keeps the cookie; the server's own limits end the session earlier. */
export const sessionCookieAge = (remember: boolean): { maxAgeSeconds?: number } =>
  remember ? { maxAgeSeconds: AGE_SECONDS } : {};

/**
 * The session a cookie stands for, or `undefined`. Using it prolongs it.
 *
 * @throws {DatabaseUnavailable} its region is down: neither signed in nor signed out can be said.
 */
export async function findSession(deps: Deps, cookie: string | undefined): Promise<Session | undefined> {
  const read = readSessionCookie(cookie);
  const region = read && deps.regions.find(read.region);
  if (!region) return undefined;
  const found = await region.store.sessions.find(read.sessionHash);
  const now = region.now();
  if (!found || hasEnded(found, now)) return undefined;
  if (found.lastUsedAt <= now - TOUCH_SECONDS) await region.store.sessions.touch(found.sessionHash, now);
  return { ...found, region };
}

/** What a session's cookie says, without asking whether it is true. */
export function readSessionCookie(cookie: string | undefined): { region: string; sessionHash: string } | undefined {
  const [, region, secret] = /^([A-Z][A-Z0-9]{1,15})\.([\w-]{43})$/.exec(cookie ?? "") ?? [];
  return region === undefined || secret === undefined ? undefined : { region, sessionHash: hashSecret(secret) };
}

export function hasEnded(session: Pick<SessionRecord, "remember" | "lastUsedAt" | "createdAt">, now: number): boolean {
  const idle = session.remember ? IDLE_REMEMBERED_SECONDS : IDLE_SECONDS;
  return now >= session.lastUsedAt + idle || now >= session.createdAt + AGE_SECONDS;
}

/** Signs the browser out, at the server: its cookie is worth nothing from now on. */
export const endSession = (session: Session): Promise<void> => session.region.store.sessions.end(session.sessionHash);

/** Removes what has ended; at most 500 in one go. */
export const purgeSessions = (region: Region): Promise<number> =>
  region.store.sessions.purge(region.now() - AGE_SECONDS, region.now() - IDLE_REMEMBERED_SECONDS);
