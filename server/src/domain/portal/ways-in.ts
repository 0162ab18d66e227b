import type { Deps } from "../../deps.ts";

/** Whether the account has an installation from which it may open the portal; some may lead nowhere after a crash. */
export async function hasWayIn(deps: Deps, accountId: string): Promise<boolean> {
  const open = deps.config.portalInstallations;
  const ways = await deps.directory.routes.waysIn(accountId);
  return ways.some(({ installationId, region, sandbox }) => {
    const name = `${deps.apps.movedTo(installationId) ?? region}-${installationId}`;
    return sandbox || open === "all" || open.includes(name);
  });
}
