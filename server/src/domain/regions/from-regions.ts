import type { Deps } from "../../deps.ts";
import type { Region } from "./regions.ts";

/** What all regions know that were asked, in their order, and which of them did not answer. */
export interface FromRegions<T> {
  items: T[];
  unavailableRegions: string[];
}

/** Asks regions all at once. One that does not answer is told of, and hides nothing of the others. */
export async function fromRegions<T>(
  { log }: Pick<Deps, "log">,
  regions: readonly Region[],
  ask: (region: Region) => Promise<readonly T[]>,
): Promise<FromRegions<T>> {
  const answers = await Promise.all(
    regions.map(async (region) => {
      try {
        return await ask(region);
      } catch (error) {
        log.warn({ err: error, region: region.name }, "a region cannot be shown");
        return region.name;
      }
    }),
  );
  return {
    items: answers.filter((answer) => typeof answer !== "string").flat(),
    unavailableRegions: answers.filter((answer) => typeof answer === "string"),
  };
}
