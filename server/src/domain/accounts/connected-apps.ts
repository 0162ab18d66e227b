import type { Deps } from "../../deps.ts";
import type { App } from "../../store/directory/apps.ts";
import { actorName, auditEntry } from "../audit.ts";
import { requireStaying } from "../moving/staying.ts";
import { portalCredential } from "../portal/portal-app.ts";
import { type InRegions, readRegionsOf } from "../regions/of-account.ts";
import type { Region } from "../regions/regions.ts";
import { regionOf } from "../regions/whereabouts.ts";
import type { Actor } from "../teams/teams.ts";
import { findOwnUser } from "./own-users.ts";

/** An app that may act for the person in one of their installations. Times are seconds since 1970 UTC. */
export interface ConnectedApp {
  clientId: string;
  /** `undefined`: it was deleted, and what it held is worth nothing. */
  app: App | undefined;
  /** Who makes it, as its team says; `undefined` when no team does, or its region does not answer. */
  publisher: string | undefined;
  region: string;
  installationId: number;
  installationName: string;
  scopes: readonly string[];
  /** When the person allowed it, or the first login of what it still holds. */
  since: number;
  /** When what it still holds was used first; `undefined`: not yet. */
  firstUsedAt: number | undefined;
  /** And last, to the hour. */
  lastUsedAt: number | undefined;
}

type Connection = Omit<ConnectedApp, "app" | "publisher">;

/** Everything that acts for the person, wherever their users live, by the name of the app. */
export async function findConnectedApps(deps: Deps, { accountId }: Actor): Promise<InRegions<ConnectedApp>> {
  const { found, unavailableRegions } = await readRegionsOf(deps, accountId, (region) =>
    connectionsIn(region, accountId),
  );
  const portal = portalCredential(deps).clientId; // its tokens are this very visit, and are shown as sessions
  const clientIds = [...new Set(found.map(({ clientId }) => clientId))];
  const publishers = new Map(
    await Promise.all(clientIds.map(async (id) => [id, await publisherOf(deps, id)] as const)),
  );
  const apps = found
    .filter(({ clientId }) => clientId !== portal)
    .map((connection) => ({
      ...connection,
      app: deps.apps.find(connection.clientId),
      publisher: publishers.get(connection.clientId),
    }));
  return { found: apps.sort(byName), unavailableRegions };
}

const byName = (a: ConnectedApp, b: ConnectedApp) =>
  (a.app?.name ?? "").localeCompare(b.app?.name ?? "", "en") || a.installationId - b.installationId;

/** One of them, or `undefined`. @throws {DatabaseUnavailable} */
export async function findConnectedApp(
  deps: Deps,
  actor: Actor,
  place: { region: string; installationId: number },
  clientId: string,
): Promise<ConnectedApp | undefined> {
  const region = regionOf(deps, place);
  if (!region || clientId === portalCredential(deps).clientId) return undefined;
  const found = (await connectionsIn(region, actor.accountId)).find(
    (one) => one.clientId === clientId && one.installationId === place.installationId,
  );
  return found && { ...found, app: deps.apps.find(clientId), publisher: await publisherOf(deps, clientId) };
}

/** Ends all that the app has of the person there, at once: tokens, codes, the consent. It must ask again. */
export async function disconnectApp(deps: Deps, actor: Actor, connected: ConnectedApp): Promise<boolean> {
  const own = await findOwnUser(deps, actor, connected);
  if (!own) return false;
  const { region, user } = own;
  const { clientId, installationId } = connected;
  const target = `${region.name}-${installationId}/${user.userId}`;
  const entry = auditEntry(actorName(actor), "app.disconnect", target, region.now(), { clientId });
  const ended = await region.store.connections.end(installationId, user.userId, clientId, entry);
  if (!ended) await requireStaying(region, "installation", installationId);
  return ended;
}

async function connectionsIn({ name, store, now }: Region, accountId: string): Promise<Connection[]> {
  const [users, consents, grants] = await Promise.all([
    store.ownUsers.ofAccount(accountId),
    store.connections.consents(accountId),
    store.connections.grants(accountId, now()),
  ]);
  const places = new Map(users.map((user) => [user.installationId, user]));
  const connections = new Map<string, Connection>();
  const add = (
    row: { installationId: number; clientId: string; scopes: readonly string[] },
    at: number,
    used?: { firstUsedAt: number | null; lastUsedAt: number | null },
  ) => {
    const key = `${row.installationId} ${row.clientId}`;
    const before = connections.get(key);
    connections.set(key, {
      clientId: row.clientId,
      region: name,
      installationId: row.installationId,
      installationName: places.get(row.installationId)?.installationName ?? "",
      scopes: [...new Set([...(before?.scopes ?? []), ...row.scopes])],
      since: Math.min(before?.since ?? at, at),
      firstUsedAt: least(before?.firstUsedAt, used?.firstUsedAt ?? undefined),
      lastUsedAt: Math.max(before?.lastUsedAt ?? 0, used?.lastUsedAt ?? 0) || undefined,
    });
  };
  for (const consent of consents) add(consent, consent.createdAt);
  for (const grant of grants) add(grant, grant.firstIssuedAt, grant);
  return [...connections.values()];
}

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

const publisherOf = async (deps: Deps, clientId: string): Promise<string | undefined> =>
  (await deps.publishers.of(clientId))?.publisherName;
