import type { Deps } from "../../deps.ts";
import { hashSecret, newSecret } from "../../secrets.ts";
import type { LinkRecord, LiveLink } from "../../store/region/links.ts";
import type { Region } from "../regions/regions.ts";

/** How long each kind of link works, in seconds. */
export const LIFETIME_SECONDS = { invitation: 7 * 24 * 3600, password_reset: 30 * 60 } as const;

/**
 * A fresh one-time link into an account.
 *
 * @returns its row, which holds only the hash of its secret, and its address, which names the account's home region,
 * so that opening it asks that region only: `https://…/login/link/EU.<secret>`
 */
export function newLink(
  deps: Pick<Deps, "config">,
  region: Region,
  link: Pick<LinkRecord, "kind" | "accountId" | "installationId" | "userId">,
): { record: LinkRecord; href: string } {
  const secret = newSecret();
  const createdAt = region.now();
  return {
    record: {
      ...link,
      linkHash: hashSecret(secret),
      createdAt,
      expiresAt: createdAt + LIFETIME_SECONDS[link.kind],
    },
    href: `${deps.config.url}/login/link/${region.name}.${secret}`,
  };
}

/** A link that was opened and still works. */
export interface OpenLink extends LiveLink {
  region: Region;
}

/**
 * The live link that `text` (`EU.<secret>`) names, or `undefined` alike for one that is malformed, unknown, used or
 * expired. Only reads: mail scanners open links too. Links move with their account, and name nobody: so one that is not
 * where it was made is looked for in the other regions that answer.
 */
export async function openLink(deps: Pick<Deps, "regions">, text: string): Promise<OpenLink | undefined> {
  const [, regionName, secret] = text.match(/^([A-Z][A-Z0-9]{1,15})\.([\w-]{43})$/) ?? [];
  const region = regionName === undefined ? undefined : deps.regions.find(regionName);
  if (!region || secret === undefined) return undefined;
  const liveIn = async (one: Region) => {
    const link = await one.store.links.findLive(hashSecret(secret), one.now());
    return link && { ...link, region: one };
  };
  const link = await liveIn(region);
  if (link) return link;
  const others = deps.regions.all.filter((other) => other !== region);
  return (await Promise.all(others.map((other) => liveIn(other).catch(() => undefined)))).find((found) => found);
}

/** The name of the installation an invitation is for; a page can do without it, so a lost region is no matter here. */
export async function invitedTo(deps: Deps, link: OpenLink): Promise<string | undefined> {
  if (link.installationId === null) return undefined;
  try {
    const route = await deps.directory.routes.findInstallation(link.installationId);
    const installation = await (route &&
      deps.regions.find(route.region)?.store.installations.find(route.installationId));
    return installation?.name;
  } catch (error) {
    deps.log.warn({ err: error }, "an invitation is shown without the name of its installation");
    return undefined;
  }
}
