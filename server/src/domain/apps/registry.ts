import type { Logger } from "pino";
import { OAuthError } from "../../errors.ts";
import type { ApiCredential } from "../../store/directory/api-credentials.ts";
import type { App } from "../../store/directory/apps.ts";
import type { Change, ChangeKind } from "../../store/directory/changes.ts";
import type { DirectoryStore } from "../../store/directory/directory.ts";
import type { FoundCopy } from "../regions/directory-copy.ts";
import { isUnavailable } from "../unavailable.ts";

export type { ApiCredential } from "../../store/directory/api-credentials.ts";
export type { App, AppKind, AppSecret, AppStatus } from "../../store/directory/apps.ts";
export type { Scope } from "../../store/directory/scopes.ts";

const POLL_MILLISECONDS = 200;
/** Less than the grace of a move (domain/moving). */
const FRESH_MILLISECONDS = 1_000;
const PAGE = 200;
const CHANGES_MAX = 500;

/** All of it, as of one of the directory's changes. */
export interface Known {
  seq: number;
  apps: ReadonlyMap<string, App>;
  credentials: ReadonlyMap<string, ApiCredential>;
  /** Name -> description. */
  scopes: ReadonlyMap<string, string>;
  /** Installation -> the region it has moved to. */
  moved: ReadonlyMap<number, string>;
}

/**
 * Every app, scope and API credential, in this process's memory, so that a login or an exchange asks the directory
 * nothing. Follows the directory's `change` table; while the directory is down it goes on with what it has. Where it has
 * nothing yet, whatever asks answers `temporarily_unavailable`.
 */
export interface AppRegistry {
  find(clientId: string): App | undefined;
  /** Whether any app lists this origin: all that a CORS preflight, which names no app, can be answered by. */
  listsOrigin(origin: string): boolean;
  /** All apps, in no order. */
  all(): Iterable<App>;
  findCredential(credentialId: string): ApiCredential | undefined;
  /** Name -> description. */
  scopes(): ReadonlyMap<string, string>;
  /** The region of an installation that ever moved; `undefined` for the others, whose codes and tokens name it. */
  movedTo(installationId: number): string | undefined;
  /** The regions that installations have moved to. */
  moveTargets(): Iterable<string>;
  /** Whether the directory's changes were read within the last second: then nothing older is unknown here. */
  isFresh(): boolean;
  /** Resolves when all changes committed before this call are in memory. @throws {DatabaseUnavailable} */
  catchUp(): Promise<void>;
  /**
   * The same after an own write: what is written stays written, so a directory that is lost just then is no failure of it,
   * and the change comes when it is back, as it comes to every other server.
   */
  showOwnWrite(): Promise<void>;
  /** Whether this secret was not yet seen used in this hour (seconds since 1970 UTC); remembers it. */
  isNewUse(secretId: string, hour: number): boolean;
  /** What is in memory now; the maps are those that changes are put into. */
  known(): Known;
  /** Whether there is anything to answer by. */
  isLoaded(): boolean;
  /**
   * Loads everything, then follows. While the directory is down, what `findCopy` finds is loaded instead; a copy that is
   * stale is not, and then nothing is known until the directory is back.
   *
   * @throws {DatabaseUnavailable} the directory is down and there is no copy.
   */
  start(findCopy?: () => Promise<FoundCopy>): Promise<void>;
  stop(): void;
}

/** @param also  what is called for changes of other kinds, with their keys. */
export function createAppRegistry(
  directory: DirectoryStore,
  log: Logger,
  also: Partial<Record<ChangeKind, (key: string) => Promise<void>>> = {},
): AppRegistry {
  const apps = new Map<string, App>();
  const credentials = new Map<string, ApiCredential>();
  const scopes = new Map<string, string>();
  const moved = new Map<number, string>();
  const uses = new Map<string, number>();
  let seq = 0;
  let timer: NodeJS.Timeout | undefined;
  let freshAt = Number.NEGATIVE_INFINITY;
  let running = false;
  let failing = false;
  let loaded = false;
  let last: Promise<void> = Promise.resolve();

  /** One at a time: of two reads under way at once the older answer could come last and stay. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };

  async function loadAll(): Promise<void> {
    const latest = await directory.changes.latest(); // before the rows: what changes meanwhile is read twice, not missed
    const [newApps, newCredentials, newScopes, newMoved] = [new Map(), new Map(), new Map(), new Map()] as const;
    for await (const app of pages(directory.apps.page, (app) => app.clientId)) newApps.set(app.clientId, app);
    for await (const credential of pages(directory.apiCredentials.page, (credential) => credential.credentialId))
      newCredentials.set(credential.credentialId, credential);
    for await (const scope of pages(directory.scopes.page, (scope) => scope.name))
      newScopes.set(scope.name, scope.description);
    for await (const route of pages(directory.moves.movedInstallations, (route) => route.installationId, 0))
      newMoved.set(route.installationId, route.region);
    take({ seq: latest, apps: newApps, credentials: newCredentials, scopes: newScopes, moved: newMoved });
  }

  function take(known: Known): void {
    replace(apps, known.apps);
    replace(credentials, known.credentials);
    replace(scopes, known.scopes);
    replace(moved, known.moved);
    seq = known.seq;
    loaded = true;
  }

  async function loadCopy(findCopy: () => Promise<FoundCopy>, cause: unknown): Promise<void> {
    const copy = await findCopy();
    if (copy === "none") throw cause;
    if (copy === "stale")
      log.error("the directory is down, and its copies are older than a day: apps must wait for it");
    else {
      take(copy);
      log.warn({ seq }, "the directory is down: apps are those of a region's copy");
    }
  }

  const required = <M>(map: M): M => {
    if (loaded) return map;
    throw new OAuthError("temporarily_unavailable", "The apps are not known yet: the directory cannot be reached.", {
      retryAfterSeconds: 5,
    });
  };

  async function catchUp(): Promise<void> {
    if (!loaded) await loadAll();
    for (;;) {
      const askedAt = performance.now();
      const changes = await directory.changes.since(seq, CHANGES_MAX);
      if (changes === undefined) {
        await also.pepper?.("");
        await loadAll();
        continue;
      }
      for (const change of changes) {
        await apply(change);
        seq = change.seq;
      }
      if (changes.length < CHANGES_MAX) {
        freshAt = askedAt;
        return;
      }
    }
  }

  async function apply({ kind, key }: Change): Promise<void> {
    if (kind === "app") put(apps, key, await directory.apps.find(key));
    else if (kind === "api-credential") put(credentials, key, await directory.apiCredentials.find(key));
    else if (kind === "scope") put(scopes, key, (await directory.scopes.find(key))?.description);
    else if (kind === "installation-route")
      put(moved, Number(key), (await directory.routes.findInstallation(Number(key)))?.region);
    else await also[kind]?.(key);
  }

  async function poll(): Promise<void> {
    try {
      await inTurn(catchUp);
      if (failing) log.info("the directory's changes are followed again");
      failing = false;
    } catch (error) {
      if (!failing) log.error({ err: error }, "the directory's changes cannot be followed");
      failing = true;
    }
    if (running) timer = setTimeout(poll, POLL_MILLISECONDS).unref();
  }

  return {
    find: (clientId) => required(apps).get(clientId),
    listsOrigin(origin) {
      for (const app of required(apps).values()) if (app.allowedOrigins.includes(origin)) return true;
      return false;
    },
    all: () => required(apps).values(),
    findCredential: (credentialId) => required(credentials).get(credentialId),
    scopes: () => required(scopes),
    movedTo: (installationId) => required(moved).get(installationId),
    moveTargets: () => new Set(required(moved).values()),
    known: () => ({ seq, apps, credentials, scopes, moved }),
    isLoaded: () => loaded,
    isFresh: () => performance.now() - freshAt < FRESH_MILLISECONDS,
    catchUp: () => inTurn(catchUp),
    showOwnWrite: () =>
      inTurn(catchUp).catch((error) => {
        if (!isUnavailable(error)) throw error;
        log.warn({ err: error }, "the directory was lost behind a change, which will be read when it is back");
      }),
    isNewUse(secretId, hour) {
      if (uses.get(secretId) === hour) return false;
      uses.set(secretId, hour);
      return true;
    },
    async start(findCopy) {
      await inTurn(loadAll).catch((error) => {
        if (!findCopy || !isUnavailable(error)) throw error;
        return inTurn(() => loadCopy(findCopy, error));
      });
      running = true;
      timer = setTimeout(poll, POLL_MILLISECONDS).unref();
    },
    stop() {
      running = false;
      clearTimeout(timer);
    },
  };
}

function put<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

function replace<K, V>(map: Map<K, V>, by: ReadonlyMap<K, V>): void {
  map.clear();
  for (const [key, value] of by) map.set(key, value);
}

function pages<Item>(
  page: (after: string, limit: number) => Promise<Item[]>,
  keyOf: (item: Item) => string,
): AsyncGenerator<Item>;
function pages<Item>(
  page: (after: number, limit: number) => Promise<Item[]>,
  keyOf: (item: Item) => number,
  first: number,
): AsyncGenerator<Item>;
async function* pages<Item, K extends string | number>(
  page: (after: K, limit: number) => Promise<Item[]>,
  keyOf: (item: Item) => K,
  first = "" as K,
) {
  let after = first;
  for (;;) {
    const items = await page(after, PAGE);
    yield* items;
    const end = items.at(-1);
    if (end === undefined || items.length < PAGE) return;
    after = keyOf(end);
  }
}
