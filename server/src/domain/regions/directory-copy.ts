import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import type { DirectoryStore } from "../../store/directory/directory.ts";
import type { SigningKeyRecord } from "../../store/directory/signing-keys.ts";
import type { CopiedKind, CopiedRow } from "../../store/region/directory-copy.ts";
import type { ApiCredential, App, AppRegistry, Known } from "../apps/registry.ts";
import type { Region, Regions } from "./regions.ts";

const EVERY_MILLISECONDS = 60_000;
/** Of all servers, one refreshes a region's copy in this time; a little less than it takes to come again. */
const REFRESH_SECONDS = 50;
const CHANGES_MAX = 500;
/** An app that was suspended longer ago than this must not log anybody in. */
const STALE_SECONDS = 24 * 3_600;

const READ_TRIES_MAX = 3;

const COPIED: readonly string[] = ["app", "scope", "api-credential", "installation-route"] satisfies CopiedKind[];

interface CopierParts {
  directory: DirectoryStore;
  regions: Regions;
  apps: AppRegistry;
  log: Logger;
}

/** Keeps each region's copy of the directory fresh, for servers that start while the directory is down. */
export function startDirectoryCopier(parts: CopierParts): { stop(): void } {
  const timer = setInterval(() => void copyDirectory(parts), EVERY_MILLISECONDS).unref();
  return { stop: () => clearInterval(timer) };
}

/** Refreshes the copies whose turn it is. Never throws: what fails is tried again in a while. */
export async function copyDirectory(parts: CopierParts): Promise<void> {
  const owner = randomBytes(16).toString("hex");
  await Promise.all(
    parts.regions.all.map((region) =>
      refresh(parts, region, owner).catch((error) =>
        parts.log.warn({ err: error, region: region.name }, "a region's copy of the directory could not be refreshed"),
      ),
    ),
  );
}

async function refresh({ directory, apps }: CopierParts, region: Region, owner: string): Promise<void> {
  const copy = region.store.directoryCopy;
  if (!apps.isFresh()) return; // what is old here must not look new there
  const now = region.now();
  const state = await copy.claim(owner, now, now - REFRESH_SECONDS);
  if (!state) return;
  const known = apps.known();
  const changes = state.takenAt === 0 ? undefined : await directory.changes.since(state.seq, CHANGES_MAX);
  if (changes === undefined || changes.length === CHANGES_MAX) {
    await copy.empty(owner);
    await copy.write(owner, await allRows(directory, known));
  } else {
    const told = changes.filter(({ seq, kind }) => seq <= known.seq && COPIED.includes(kind));
    await copy.write(
      owner,
      told.map(({ kind, key }) => ({ kind: kind as CopiedKind, key, body: bodyOf(known, kind, key) })),
    );
  }
  await copy.finish(owner, { seq: known.seq, takenAt: now });
}

function bodyOf(known: Known, kind: string, key: string): unknown {
  if (kind === "app") return known.apps.get(key);
  if (kind === "scope") return known.scopes.get(key);
  if (kind === "api-credential") return known.credentials.get(key);
  return known.moved.get(Number(key));
}

async function allRows(directory: DirectoryStore, known: Known): Promise<CopiedRow[]> {
  const rows = (kind: CopiedKind, map: ReadonlyMap<string | number, unknown>): CopiedRow[] =>
    [...map].map(([key, body]) => ({ kind, key: String(key), body }));
  const signingKeys = await directory.signingKeys.list();
  return [
    ...rows("app", known.apps),
    ...rows("scope", known.scopes),
    ...rows("api-credential", known.credentials),
    ...rows("installation-route", known.moved),
    ...rows("signing-key", new Map(signingKeys.map((key) => [key.keyId, key]))),
  ];
}

export interface DirectoryCopy extends Known {
  signingKeys: readonly SigningKeyRecord[];
}

/** What a server that starts without the directory may find in the regions. */
export type FoundCopy = DirectoryCopy | "none" | "stale";

/** The freshest whole copy of those regions that answer. `stale`: there is one, and it is older than 24 hours. */
export async function findDirectoryCopy(regions: Regions, log: Logger): Promise<FoundCopy> {
  const states = await Promise.all(
    regions.all.map(async (region) => {
      try {
        const { takenAt } = await region.store.directoryCopy.state();
        return takenAt === 0 ? undefined : { region, takenAt, age: region.now() - takenAt };
      } catch (error) {
        log.warn({ err: error, region: region.name }, "a region's copy of the directory cannot be read");
        return undefined;
      }
    }),
  );
  const copies = states.filter((state) => state !== undefined).sort((a, b) => b.takenAt - a.takenAt);
  if (copies.length === 0) return "none";
  for (const { region, age } of copies) {
    const copy = age > STALE_SECONDS ? undefined : await readCopy(region);
    if (copy) return copy;
  }
  return "stale";
}

/** `undefined` when it changes faster than it is read, or somebody is at work on the whole of it. */
async function readCopy({ store }: Region): Promise<DirectoryCopy | undefined> {
  const { state, all } = store.directoryCopy;
  for (let tries = 0; tries < READ_TRIES_MAX; tries++) {
    const { seq, takenAt } = await state();
    if (takenAt === 0) return undefined;
    const moved = await all<string>("installation-route");
    const signingKeys = [...(await all<SigningKeyRecord>("signing-key")).values()];
    const copy = {
      seq,
      apps: await all<App>("app"),
      scopes: await all<string>("scope"),
      credentials: await all<ApiCredential>("api-credential"),
      moved: new Map([...moved].map(([id, region]) => [Number(id), region])),
      signingKeys: signingKeys.sort((a, b) => a.createdAt - b.createdAt || (a.keyId < b.keyId ? -1 : 1)),
    };
    if ((await state()).takenAt === takenAt) return copy;
  }
  return undefined;
}
