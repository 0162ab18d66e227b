import { createHmac, randomBytes } from "node:crypto";
import type { Deps } from "../../deps.ts";
import type { Keys } from "../../secrets.ts";
import type { DirectoryStore } from "../../store/directory/directory.ts";
import type { PepperRecord } from "../../store/directory/peppers.ts";
import type { RouteKey, RouteKeys } from "../../store/directory/route-keys.ts";
import type { AccountRoute } from "../../store/directory/routes.ts";
import type { SignInRoute } from "../../store/directory/sign-ins.ts";

/** A pepper, opened. */
export interface Pepper {
  generation: number;
  /** 32 bytes. */
  key: Buffer;
}

/**
 * What the directory knows e-mails by: `HMAC(pepper, normalised e-mail)`, one key for each pepper there is. That is one,
 * and two while `npm run pepper -- rotate` is at work: then both are read and both are written.
 *
 * A server may hear late of that. It never acts on old knowledge: each read tells which pepper is the newest, and each
 * write happens only if the peppers are those that the writer knows; else they are read again.
 */
export interface EmailKeys {
  /** Reads the peppers, and makes the first. @throws {DatabaseUnavailable} */
  load(): Promise<void>;
  /** @throws {DatabaseUnavailable} the peppers were never read, and the directory is down. */
  of(emailKey: string): Promise<RouteKeys>;
}

export function createEmailKeys(directory: DirectoryStore, keys: Keys, now: () => number): EmailKeys {
  let peppers: readonly Pepper[] = [];

  const load = async () => {
    let stored = await directory.peppers.list();
    if (stored.length === 0) {
      await directory.peppers.addFirst(newSealedPepper(keys, 1), now());
      stored = await directory.peppers.list();
    }
    peppers = stored.map((record) => openPepper(keys, record));
  };

  return {
    load,
    async of(emailKey) {
      if (peppers.length === 0) await load();
      const [oldest, newer] = peppers.map((pepper) => routeKey(pepper, emailKey));
      if (!oldest) throw new Error("The directory has no pepper.");
      return newer ? [oldest, newer] : [oldest];
    },
  };
}

export const newSealedPepper = (keys: Keys, generation: number): string =>
  keys.seal("pepper", randomBytes(32).toString("base64url"), String(generation));

export function openPepper(keys: Keys, { generation, sealedPepper }: PepperRecord): Pepper {
  const pepper = keys.open("pepper", sealedPepper, String(generation));
  if (typeof pepper !== "string")
    throw new Error("The e-mails' pepper cannot be opened: LATCHKEY_SECRET is not the one it was sealed with.");
  return { generation, key: Buffer.from(pepper, "base64url") };
}

export const routeKey = ({ generation, key }: Pepper, emailKey: string): RouteKey => ({
  generation,
  key: createHmac("sha256", key).update(emailKey, "utf8").digest("base64url"),
});

/** What the directory knows of a sign-in: one read, and the same for an e-mail that is known and one that is not. */
export async function findSignIn(deps: Deps, emailKey: string, addressKey: string): Promise<SignInRoute> {
  const keys = await deps.emailKeys.of(emailKey);
  const found = await deps.directory.signIns.find(keys, addressKey);
  if (found.newestPepper <= newestOf(keys)) return found;
  await deps.emailKeys.load();
  return deps.directory.signIns.find(await deps.emailKeys.of(emailKey), addressKey);
}

/** The route of an e-mail, the one there is or else `wanted`, with the keys that lead to it. */
export async function findOrAddRoute(
  deps: Deps,
  emailKey: string,
  wanted: AccountRoute,
): Promise<{ route: AccountRoute; keys: RouteKeys }> {
  const { routes } = deps.directory;
  for (;;) {
    const keys = await deps.emailKeys.of(emailKey);
    const route = (await routes.findAccount(keys)) ?? (await routes.addAccount(keys, wanted));
    if (route) return { route, keys };
    await deps.emailKeys.load(); // there are other peppers by now
  }
}

/**
 * To be called when the account of a route has been made: a rotation that began after `keys` were read saw the route
 * lead nowhere, and did not take it along.
 */
export async function keepFound(deps: Deps, emailKey: string, keys: RouteKeys, route: AccountRoute): Promise<void> {
  for (;;) {
    await deps.emailKeys.load();
    const now = await deps.emailKeys.of(emailKey);
    if (newestOf(now) <= newestOf(keys) || (await deps.directory.routes.addAccount(now, route))) return;
  }
}

const newestOf = ([oldest, newer]: RouteKeys): number => (newer ?? oldest).generation;
