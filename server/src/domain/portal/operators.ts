import type { Deps } from "../../deps.ts";
import { normaliseEmail } from "../accounts/email.ts";
import { auditEntry } from "../audit.ts";
import { type FromRegions, fromRegions } from "../regions/from-regions.ts";

type OperatorDeps = Pick<Deps, "directory" | "regions" | "emailKeys">;

/** `there`: it was so already. `unknown`: the e-mail has no account. `moving`: the account is between two regions. */
export type OperatorAnswer = "done" | "there" | "unknown" | "moving";

/** Lets the account of an e-mail use the operator's pages, from now on. Kept in the account's home, with which it moves. */
export async function addOperator(deps: OperatorDeps, email: string, actor: string): Promise<OperatorAnswer> {
  const found = await accountOf(deps, email);
  if (!found) return "unknown";
  const { region, accountId } = found;
  const { operators } = region.store;
  const now = region.now();
  if (await operators.add(accountId, now, auditEntry(actor, "operator.add", accountId, now))) return "done";
  return (await operators.isOne(accountId)) ? "there" : "moving";
}

/** Ends it at once: each page asks. */
export async function removeOperator(deps: OperatorDeps, email: string, actor: string): Promise<OperatorAnswer> {
  const found = await accountOf(deps, email);
  if (!found) return "unknown";
  const { region, accountId } = found;
  const entry = auditEntry(actor, "operator.remove", accountId, region.now());
  if (await region.store.operators.remove(accountId, entry)) return "done";
  return (await region.store.operators.isOne(accountId)) ? "moving" : "there";
}

async function accountOf({ directory, regions, emailKeys }: OperatorDeps, email: string) {
  const emailKey = normaliseEmail(email);
  const route = emailKey === undefined ? undefined : await directory.routes.findAccount(await emailKeys.of(emailKey));
  const region = route && regions.find(route.region);
  // A route may lead nowhere.
  return region && (await region.store.accounts.find(route.accountId)) && { region, accountId: route.accountId };
}

export interface NamedOperator {
  email: string;
  region: string;
  /** Seconds since 1970 UTC. */
  createdAt: number;
}

/** All of them, by region, and the regions that do not answer. */
export const listOperators = (deps: Pick<Deps, "regions" | "log">): Promise<FromRegions<NamedOperator>> =>
  fromRegions(deps, deps.regions.all, async ({ name, store }) =>
    (await store.operators.list()).map((operator) => ({ ...operator, region: name })),
  );
