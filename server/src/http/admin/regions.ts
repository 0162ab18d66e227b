import { z } from "zod";
import type { Region } from "../../domain/regions/regions.ts";
import { collection } from "./collection.ts";

/** The regions of this house, by the settings. */
export const regions = collection({
  path: "/regions",
  member: "region",
  noun: "region",
  key: "hash",
  view: z.object({ name: z.string() }),
  present: ({ name }: Region) => ({ name }),
  keyOf: ({ name }) => name,
  scope: async () => ({}),
  list: async (deps, _scope, after, limit) =>
    deps.regions.all
      .filter(({ name }) => name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, limit),
  find: async (deps, _scope, name) => deps.regions.find(name),
});
