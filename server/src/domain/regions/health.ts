import type { Deps } from "../../deps.ts";

export type DatabaseState = "up" | "down";

/** How long a database may take before it counts as down. */
const DEADLINE_MS = 1000;

/** Asks every database something cheap, all at once. Never throws. */
export async function checkDatabases(deps: Pick<Deps, "directory" | "regions">): Promise<{
  directory: DatabaseState;
  regions: { name: string; state: DatabaseState }[];
}> {
  const [directory, ...regions] = await Promise.all([
    stateOf(deps.directory.ping),
    ...deps.regions.all.map(async ({ name, store }) => ({ name, state: await stateOf(store.ping) })),
  ]);
  return { directory, regions };
}

async function stateOf(ping: () => Promise<unknown>): Promise<DatabaseState> {
  const { promise: late, resolve } = Promise.withResolvers<DatabaseState>();
  const timer = setTimeout(resolve, DEADLINE_MS, "down");
  const answer = ping().then(
    () => "up" as const,
    () => "down" as const,
  );
  const state = await Promise.race([answer, late]);
  clearTimeout(timer);
  return state;
}
