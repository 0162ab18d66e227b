import type { Deps } from "../../deps.ts";
import type { ErrorGroup, EventFilter, LoginEvent, LoginHour, LoginStep } from "../../store/region/login-events.ts";
import { type FromRegions, fromRegions } from "../regions/from-regions.ts";

export type { ErrorGroup, LoginEvent, LoginHour, LoginStep } from "../../store/region/login-events.ts";

export type PlacedEvent = LoginEvent & { region: string };

/** The newest first, at most `limit`, of the regions asked. */
export async function eventsOf(
  deps: Deps,
  filter: Omit<EventFilter, "placedOnly"> & { region: string },
  limit: number,
): Promise<FromRegions<PlacedEvent>> {
  const asked = deps.regions.all.filter(({ name }) => filter.region === "" || name === filter.region);
  const found = await fromRegions(deps, asked, async ({ name, store }) =>
    (await store.loginEvents.list({ ...filter, placedOnly: filter.region !== "" }, limit)).map((event) => ({
      ...event,
      region: name,
    })),
  );
  found.items.sort((a, b) => b.at - a.at || (a.eventId > b.eventId ? -1 : 1)).splice(limit);
  return found;
}

/** One login from its start to its first use, wherever its steps were written. */
export async function loginOf(deps: Deps, clientId: string, loginId: string): Promise<FromRegions<PlacedEvent>> {
  const found = await fromRegions(deps, deps.regions.all, async ({ name, store }) =>
    (await store.loginEvents.ofLogin(clientId, loginId)).map((event) => ({ ...event, region: name })),
  );
  found.items.sort((a, b) => a.at - b.at || (a.eventId < b.eventId ? -1 : 1));
  return found;
}

/** Errors since then, the same ones of all regions together, the latest first. */
export async function errorsOf(deps: Deps, clientId: string, from: number): Promise<FromRegions<ErrorGroup>> {
  const found = await fromRegions(deps, deps.regions.all, ({ store }) => store.loginEvents.errorsSince(clientId, from));
  const groups = new Map<string, ErrorGroup>();
  for (const group of found.items) {
    const key = `${group.step} ${group.outcome}`;
    const same = groups.get(key);
    const later = same && same.lastAt > group.lastAt ? same : group;
    groups.set(key, {
      ...later,
      count: (same?.count ?? 0) + group.count,
      firstAt: Math.min(same?.firstAt ?? group.firstAt, group.firstAt),
    });
  }
  return { ...found, items: [...groups.values()].sort((a, b) => b.lastAt - a.lastAt) };
}

export type PlacedHour = LoginHour & { region: string };

/** What charts are drawn from: only the hours, never the events. */
export const hoursOf = (deps: Deps, clientId: string, from: number, until: number): Promise<FromRegions<PlacedHour>> =>
  fromRegions(deps, deps.regions.all, async ({ name, store }) =>
    (await store.loginEvents.hours(clientId, from, until)).map((hour) => ({ ...hour, region: name })),
  );

/** How many tokens of the app count now, by region. */
export const grantsOf = (deps: Deps, clientId: string): Promise<FromRegions<{ region: string; active: number }>> =>
  fromRegions(deps, deps.regions.all, async (region) => [
    { region: region.name, active: await region.store.tokens.countActive(clientId, region.now()) },
  ]);

/** When each step last went well, or never. */
export async function milestonesOf(deps: Deps, clientId: string): Promise<ReadonlyMap<LoginStep, number>> {
  const { items } = await fromRegions(deps, deps.regions.all, ({ store }) => store.loginEvents.lastOk(clientId));
  const milestones = new Map<LoginStep, number>();
  for (const { step, at } of items) milestones.set(step, Math.max(at, milestones.get(step) ?? 0));
  return milestones;
}
