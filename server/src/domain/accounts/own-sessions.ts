import type { Deps } from "../../deps.ts";
import { hashSecret } from "../../secrets.ts";
import { type AuditEntry, actorName, auditEntry } from "../audit.ts";
import { hasEnded, readSessionCookie } from "../login/sessions.ts";
import { onTheMove, requireStaying } from "../moving/staying.ts";
import { portalCredential } from "../portal/portal-app.ts";
import type { Visitor } from "../portal/visitors.ts";
import { readRegionsOf } from "../regions/of-account.ts";

/** A browser in which the person is signed in. */
export interface OwnSession {
  /** Names the session on a page without being what it is found by. */
  sessionId: string;
  userAgent: string;
  createdAt: number;
  lastUsedAt: number;
  remember: boolean;
  /** The browser that asks. */
  current: boolean;
}

/** What an ending could not reach: regions that do not answer, whose portal sessions last until they end by themselves. */
export interface Ended {
  unavailableRegions: readonly string[];
}

/**
 * The person's sessions, the last used first; `undefined` while their home region does not answer.
 *
 * @param cookie  of the browser that asks, which marks its own session.
 */
export async function findOwnSessions(
  deps: Deps,
  { accountId, region: home }: Visitor,
  cookie: string | undefined,
): Promise<readonly OwnSession[] | undefined> {
  const region = deps.regions.require(home);
  const current = readSessionCookie(cookie)?.sessionHash;
  try {
    const found = await region.store.sessions.ofAccount(accountId);
    const now = region.now();
    return found
      .filter((session) => !hasEnded(session, now))
      .map(({ sessionHash, ...session }) => ({
        ...session,
        sessionId: idOf(sessionHash),
        current: sessionHash === current,
      }));
  } catch (error) {
    deps.log.warn({ err: error, region: home }, "sessions cannot be shown");
    return undefined;
  }
}

/** Ends one session of the person; nothing when it is another's, or over. */
export async function endOwnSession(deps: Deps, visitor: Visitor, sessionId: string): Promise<Ended> {
  const { sessions } = deps.regions.require(visitor.region).store;
  const all = await sessions.ofAccount(visitor.accountId);
  const found = all.find(({ sessionHash }) => idOf(sessionHash) === sessionId);
  if (!found) return { unavailableRegions: [] };
  await endingAtHome(deps, visitor, (entry) =>
    sessions.endOwn(visitor.accountId, found.sessionHash, entry("session.end")),
  );
  return endPortalVisits(deps, visitor, visitor.tokenId);
}

/** Ends the person's sessions in all browsers but the one that asks. */
export async function endOtherSessions(deps: Deps, visitor: Visitor, cookie: string | undefined): Promise<Ended> {
  const { sessions } = deps.regions.require(visitor.region).store;
  const current = readSessionCookie(cookie)?.sessionHash ?? "";
  await endingAtHome(deps, visitor, (entry) =>
    sessions.endAllBut(visitor.accountId, current, entry("session.end_others")),
  );
  return endPortalVisits(deps, visitor, visitor.tokenId);
}

/** Signs the person out everywhere, here too. */
export async function endAllSessions(deps: Deps, visitor: Visitor): Promise<Ended> {
  const { sessions } = deps.regions.require(visitor.region).store;
  await endingAtHome(deps, visitor, (entry) => sessions.endAllBut(visitor.accountId, "", entry("session.end_all")));
  return endPortalVisits(deps, visitor, "");
}

/** The write itself does nothing while the account is on the move. @throws {OAuthError} `temporarily_unavailable` */
async function endingAtHome(
  deps: Deps,
  { accountId, region: home }: Visitor,
  end: (entry: (action: string) => AuditEntry) => Promise<void>,
): Promise<void> {
  const region = deps.regions.require(home);
  await requireStaying(region, "account", accountId);
  await end((action) => auditEntry(actorName({ accountId }), action, accountId, region.now()));
  await requireStaying(region, "account", accountId);
}

/**
 * Ends the portal's own sessions, which are tokens: nobody knows which browser holds which, and whoever is still signed in
 * gets another one without being asked.
 *
 * @param but  the id of the token that stays.
 */
export async function endPortalVisits(
  deps: Deps,
  { accountId }: Pick<Visitor, "accountId">,
  but: string,
): Promise<Ended> {
  const { clientId } = portalCredential(deps);
  const { unavailableRegions } = await readRegionsOf(deps, accountId, async ({ store, now }) => {
    const users = await store.ownUsers.ofAccount(accountId);
    if (users.length > 0 && !(await store.connections.endTokensBut(users, clientId, now(), but))) throw onTheMove();
    return [];
  });
  return { unavailableRegions };
}

const idOf = (sessionHash: string): string => hashSecret(sessionHash).slice(0, 22);
