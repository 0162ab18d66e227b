import { randomBytes } from "node:crypto";
import type { Deps } from "../deps.ts";
import type { AuditEntry, AuditPosition } from "../store/audit.ts";

export type { AuditEntry, AuditPosition } from "../store/audit.ts";

/** An entry of an audit log; `detail` must hold no secret, and for the directory nothing personal: names of fields, ids. */
export const auditEntry = (
  actor: string,
  action: string,
  target: string,
  at: number,
  detail: AuditEntry["detail"] = {},
): AuditEntry => ({ auditId: randomBytes(16).toString("hex"), at, actor, action, target, detail });

/** Actors in audit logs are accounts, by id. */
export const actorName = ({ accountId }: { accountId: string }): string => `account:${accountId}`;

/** The names of the members that differ: what an audit log may tell of a change. */
export function changedFields<T extends object>(before: T, after: T): string[] {
  const names = Object.keys(after) as (keyof T & string)[];
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/** One page of the logs of the directory and of all regions, merged by time, oldest first. @throws {DatabaseUnavailable} */
export async function auditPage(deps: Deps, after: AuditPosition, limit: number) {
  const logs = [
    { region: null, log: deps.directory.audit },
    ...deps.regions.all.map((region) => ({ region: region.name, log: region.store.audit })),
  ];
  const pages = await Promise.all(
    logs.map(async ({ region, log }) => (await log.page(after, limit)).map((entry) => ({ ...entry, region }))),
  );
  return pages
    .flat()
    .sort((a, b) => a.at - b.at || (a.auditId < b.auditId ? -1 : 1))
    .slice(0, limit);
}

/** One page of one log, the latest first. @param name of a region; absent: the directory's. @throws {DatabaseUnavailable} */
export const auditBefore = (deps: Deps, name: string | undefined, before: AuditPosition, limit: number) =>
  (name === undefined ? deps.directory : deps.regions.require(name).store).audit.pageBefore(before, limit);
