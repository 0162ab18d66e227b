import { randomBytes } from "node:crypto";
import type { Deps } from "../../deps.ts";
import type { Statement } from "../../store/database.ts";
import { requireStaying } from "../moving/staying.ts";
import type { Region } from "../regions/regions.ts";
import { findOrAddRoute, keepFound } from "./email-keys.ts";

export interface AccountRequest {
  /** As its owner writes it. */
  email: string;
  emailKey: string;
  /** Where the account is to live if there is none yet. */
  region: Region;
  /** Called only for an account that must be made. `null`: the person is to choose a password. @throws {TooBusy} */
  passwordHash(): Promise<string | null>;
  /** What is to be written with a new account that has no password, in its home region. */
  invitation(account: { accountId: string; region: string }): readonly Statement[];
}

export interface FoundAccount {
  accountId: string;
  /** Its home. */
  region: string;
  made: boolean;
  hasPassword: boolean;
}

/**
 * The one account of an e-mail, made where it is needed first. Of all who ask at once, in whatever regions, one makes it.
 *
 * The route goes first. If its writer died before the account was there, the next one who asks makes the account under
 * the route's id, in the route's region.
 */
export async function findOrMakeAccount(deps: Deps, request: AccountRequest): Promise<FoundAccount> {
  const { email, emailKey } = request;
  const wanted = { accountId: newAccountId(), region: request.region.name };
  const { route, keys } = await findOrAddRoute(deps, emailKey, wanted);
  const home = deps.regions.require(route.region);
  const { accounts } = home.store;

  let account = await accounts.find(route.accountId);
  if (!account) {
    const passwordHash = await request.passwordHash();
    const also = passwordHash === null ? request.invitation(route) : [];
    const createdAt = home.now();
    const passwordChangedAt = passwordHash === null ? null : createdAt;
    const made = await accounts.add({ ...route, email, emailKey, passwordHash, createdAt, passwordChangedAt }, also);
    if (made) {
      await keepFound(deps, emailKey, keys, route);
      return { ...route, made, hasPassword: passwordHash !== null };
    }
    account = (await accounts.find(route.accountId)) ?? (await accounts.findByEmailKey(emailKey));
    if (!account) await requireStaying(home, "account", route.accountId);
    if (!account) throw new Error("An account was neither made nor found.");
  }
  // The directory may be older than the region (a backup, or a new LATCHKEY_SECRET): the account that is there counts.
  if (account.accountId !== route.accountId)
    await deps.directory.routes.repointAccount(keys, route.accountId, { ...route, accountId: account.accountId });
  return {
    accountId: account.accountId,
    region: route.region,
    made: false,
    hasPassword: account.passwordHash !== null,
  };
}

export const newAccountId = (): string => randomBytes(16).toString("hex");
