import type { Deps } from "./deps.ts";
import { ensurePortalApp } from "./domain/portal/portal-app.ts";
import { signingKeys } from "./domain/tokens/signer.ts";
import { DatabaseUnavailable } from "./store/database.ts";

const RETRY_MILLISECONDS = 2_000;

/**
 * What a process needs the directory for at its start and can serve without: tells it of the regions, reads the pepper,
 * makes the keys that are missing, registers the portal. While the directory is down it is tried again.
 *
 * @throws what the first try throws, except `DatabaseUnavailable`.
 */
export async function joinDirectory(deps: Deps): Promise<{ stop(): void }> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const later = () => {
    if (!stopped) timer = setTimeout(again, RETRY_MILLISECONDS).unref();
  };
  async function again(): Promise<void> {
    try {
      await join(deps);
      deps.log.info("the directory is there; all that waited for it is done");
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) deps.log.error({ err: error }, "the directory cannot be used");
      later();
    }
  }

  try {
    await join(deps);
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    later();
  }
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

async function join(deps: Deps): Promise<void> {
  const { directory, keys, log } = deps;
  await enrolRegions(deps);
  await deps.emailKeys.load();
  await deps.signer.use(await signingKeys(directory, keys, deps.now()));
  await deps.apps.catchUp();
  await ensurePortalApp(deps).catch((error) => log.error({ err: error }, "the portal could not be registered"));
}

/** A region that was once in service and is in no setting any more would be missed by the people who live there. */
async function enrolRegions({ regions, directory, now, log }: Deps): Promise<void> {
  await directory.regions.enrol(
    regions.all.map(({ name }) => name),
    now(),
  );
  for (const { name } of await directory.regions.all())
    if (!regions.find(name))
      log.warn({ region: name }, "this region was once in service and is missing in LATCHKEY_REGIONS");
}
