import type { RegionStore } from "../../store/region/region.ts";

/** A place where accounts and installations live, with a database of its own. */
export interface Region {
  name: string;
  store: RegionStore;
  /** Seconds since 1970 UTC by the region database's clock. */
  now(): number;
}

export interface Regions {
  readonly all: readonly Region[];
  /** The region of that name, or `undefined`: names come from outside and are only ever looked up here. */
  find(name: string): Region | undefined;
  /** @throws {Error} for a name that one of our own rows holds and no setting knows: a bug or a lost setting. */
  require(name: string): Region;
}

export function createRegions(all: readonly Region[]): Regions {
  const byName = new Map(all.map((region) => [region.name, region]));
  return {
    all,
    find: (name) => byName.get(name),
    require(name) {
      const region = byName.get(name);
      if (!region) throw new Error(`No region is named ${name}: is it missing in LATCHKEY_REGIONS?`);
      return region;
    },
  };
}
