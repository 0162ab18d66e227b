import type { Deps } from "../../deps.ts";
import type { Installation } from "../../store/region/installations.ts";
import { auditEntry, changedFields } from "../audit.ts";
import { onTheMove, requireStaying } from "../moving/staying.ts";
import { type Problems, problemsOf, type Refused } from "../refused.ts";
import type { Region } from "../regions/regions.ts";
import { pictureProblem, readBaseAddress } from "../web-addresses.ts";
import { nameCompany, readBack } from "./companies.ts";

export type { Installation } from "../../store/region/installations.ts";

/** Rows removed in one go (docs/decisions/portable-sql.md). */
const BATCH = 200;

export interface InstallationDraft extends Omit<Installation, Kept | "company" | "apiEndPoint"> {
  /** Absent: the API is where the installation's pages are. */
  apiEndPoint?: string;
  /** Absent: it bears the installation's own name. */
  company?: { name: string; logo?: string };
}
type Kept = "installationId" | "createdAt" | "updatedAt" | "version";

export const findInstallation = (region: Region, installationId: number) =>
  region.store.installations.find(installationId);

/** Installations in the order of their ids, after the one given. */
export const installationsAfter = (region: Region, installationId: number, limit: number) =>
  region.store.installations.page(installationId, limit);

/** The route goes first: after a crash it leads nowhere, and its id is never given again. */
export async function createInstallation(
  deps: Deps,
  region: Region,
  draft: InstallationDraft,
  actor: string,
): Promise<{ installation: Installation } | Refused> {
  const read = readDraft(draft);
  if ("problems" in read) return read;
  const installationId = await deps.directory.ids.next("installation");
  const now = region.now();
  const company = await nameCompany(deps, region, installationId, draft.company ?? { name: draft.name });
  const row = { ...read.draft, installationId, company, createdAt: now, updatedAt: now, version: 1 };
  await deps.directory.routes.addInstallation({ installationId, region: region.name });
  await region.store.installations.add(
    row,
    auditEntry(actor, "installation.create", idOf(region, installationId), now),
  );
  return { installation: { ...row, company: { ...company, logo: company.logo ?? "" } } };
}

/** The installation as it is to be. Users stay with the company that they have. */
export async function changeInstallation(
  deps: Deps,
  region: Region,
  installation: Installation,
  draft: InstallationDraft,
  actor: string,
): Promise<{ installation: Installation } | Refused> {
  const read = readDraft(draft);
  if ("problems" in read) return read;
  const { installationId } = installation;
  const now = region.now();
  const company = await nameCompany(deps, region, installationId, draft.company ?? { name: draft.name });
  const changed = { ...installation, ...read.draft, company, updatedAt: now };
  const after = {
    ...changed,
    company: readBack(company, installation.company),
    updatedAt: installation.updatedAt,
  };
  const fields = changedFields<object>(installation, after);
  const entry = auditEntry(actor, "installation.change", idOf(region, installationId), now, { fields });
  if (!(await region.store.installations.change(changed, entry))) {
    await requireStaying(region, "installation", installationId);
    return { stale: true };
  }
  const saved = await region.store.installations.find(installationId);
  return saved ? { installation: saved } : { stale: true };
}

/**
 * Its own row goes first, and with it everything counts as ended; then what hangs on it, in batches, its routes last.
 * A call that was cut off is finished by the next one for the same installation.
 *
 * @returns false when there is nothing of it, not even a route.
 */
export async function deleteInstallation(
  deps: Deps,
  region: Region,
  installationId: number,
  actor: string,
): Promise<boolean> {
  const { routes } = deps.directory;
  const entry = auditEntry(actor, "installation.delete", idOf(region, installationId), region.now());
  const deleted = await region.store.installations.remove(installationId, entry);
  if (!deleted && (await region.store.installations.find(installationId))) throw onTheMove();
  await requireStaying(region, "installation", installationId);
  const route = await routes.findInstallation(installationId);
  if (!deleted && route?.region !== region.name) return false;
  const { users, companies } = region.store;
  await drained(() => users.removeAll(installationId, BATCH));
  await drained(() => companies.removeAll(installationId, BATCH));
  await drained(() => routes.removeMembers(installationId, BATCH));
  await routes.removeInstallation(installationId);
  return true;
}

async function drained(removeSome: () => Promise<number>): Promise<void> {
  while ((await removeSome()) > 0);
}

const idOf = (region: Region, installationId: number) => `${region.name}-${installationId}`;

/** The draft with its addresses in normal form. */
function readDraft(draft: InstallationDraft): { draft: ReadDraft } | { problems: Problems } {
  const url = readBaseAddress(draft.url);
  const apiEndPoint = draft.apiEndPoint === undefined ? url : readBaseAddress(draft.apiEndPoint);
  if (url !== undefined && apiEndPoint !== undefined) {
    const problems = problemsOf({
      logo: pictureProblem(draft.logo),
      "company.logo": pictureProblem(draft.company?.logo ?? ""),
    });
    return problems ? { problems } : { draft: { ...draft, url, apiEndPoint } };
  }
  return {
    problems: { [url === undefined ? "url" : "apiEndPoint"]: "Give an http(s) address without query or fragment." },
  };
}

type ReadDraft = InstallationDraft & { apiEndPoint: string };
