import { setTimeout as delay } from "node:timers/promises";
import type { Deps } from "../../deps.ts";
import type { StaleKey } from "../../store/directory/peppers.ts";
import { auditEntry } from "../audit.ts";
import { newSealedPepper, openPepper, type Pepper, routeKey } from "./email-keys.ts";

export type RotationDeps = Pick<Deps, "directory" | "regions" | "keys" | "now">;

export interface RotationOptions {
  /** Told, in sentences, how far it is. */
  report(line: string): void;
  /** Longer than any statement of a server that began before the new pepper was there may still run. */
  settleMilliseconds?: number;
}

const ACTOR = "pepper command";
const PAGE = 500;
const SETTLE_MILLISECONDS = 10_000;

/**
 * Exchanges the pepper of the e-mails while servers run, or finishes what an interrupted run began.
 *
 * A new pepper is added beside the old one: from then on every server reads and writes keys of both. Each account is
 * given its key of the new one; when none is without, the old pepper is forgotten, and then its keys are removed. Each
 * step can be cut off anywhere and is done again by the next run, and two runs at once do each other's work.
 *
 * @throws {DatabaseUnavailable} a region with accounts is down: they cannot be keyed without it. Nothing is lost; run it again.
 */
export async function rotatePepper(deps: RotationDeps, options: RotationOptions): Promise<void> {
  const { report, settleMilliseconds = SETTLE_MILLISECONDS } = options;
  const settled = delay(settleMilliseconds);
  const [old, next] = await beginRotation(deps, report);

  let carried = await carryOver(deps, old, next);
  report(`${carried} accounts have a key of pepper ${next.generation} now.`);
  await settled;
  // Accounts that were being made when the new pepper came.
  do carried = await carryOver(deps, old, next);
  while (carried > 0);

  const { peppers } = deps.directory;
  const entry = auditEntry(ACTOR, "pepper.forget", String(old.generation), deps.now());
  if (await peppers.removeOlder(next.generation, entry)) report(`Pepper ${old.generation} is forgotten.`);
  await removeOldKeys(deps, next);
  await delay(Math.min(settleMilliseconds, 1_000)); // of what a server was writing when the old pepper went
  await removeOldKeys(deps, next);
  report(`The keys of pepper ${old.generation} are removed. Done.`);
}

async function removeOldKeys({ directory }: RotationDeps, next: Pepper): Promise<void> {
  while ((await directory.peppers.removeOlderKeys(next.generation)) > 0);
}

/** The old pepper and the new one: those of the rotation that is under way, or of one that begins now. */
async function beginRotation(deps: RotationDeps, report: (line: string) => void): Promise<[old: Pepper, next: Pepper]> {
  const { peppers } = deps.directory;
  for (;;) {
    const [old, next] = (await peppers.list()).map((record) => openPepper(deps.keys, record));
    if (!old) {
      await peppers.addFirst(newSealedPepper(deps.keys, 1), deps.now());
    } else if (next) {
      report(`The rotation to pepper ${next.generation} goes on.`);
      return [old, next];
    } else {
      const generation = old.generation + 1;
      const pepper = { generation, sealedPepper: newSealedPepper(deps.keys, generation), createdAt: deps.now() };
      const entry = auditEntry(ACTOR, "pepper.rotate", String(generation), pepper.createdAt);
      if (!(await peppers.addNext(pepper, entry))) continue; // another run did, a moment ago
      report(`Pepper ${generation} is added.`);
      return [old, openPepper(deps.keys, pepper)];
    }
  }
}

/** Gives every account that has a key of the old pepper one of the new; how many had none. */
async function carryOver(deps: RotationDeps, old: Pepper, next: Pepper): Promise<number> {
  const { peppers } = deps.directory;
  let carried = 0;
  let after = "";
  for (;;) {
    const stale = await peppers.staleKeys(old.generation, next.generation, after, PAGE);
    const found = await Promise.all(stale.map((key) => emailOf(deps, old, key)));
    const pairs = stale.flatMap(({ emailKey: key }, index) => {
      const emailKey = found[index];
      return emailKey === undefined ? [] : [{ key, newer: routeKey(next, emailKey).key }];
    });
    carried += await peppers.carryOver(next.generation, pairs);
    const last = stale.at(-1);
    if (!last || stale.length < PAGE) return carried;
    after = last.emailKey;
  }
}

/**
 * The normalised e-mail behind a key, from the account's home; `undefined` for a key that leads nowhere (docs: a route
 * is written first). While an account moves, its route may be older than its row, so then every region is asked.
 */
async function emailOf(deps: RotationDeps, old: Pepper, stale: StaleKey): Promise<string | undefined> {
  const home = deps.regions.require(stale.region);
  for (const region of [home, ...deps.regions.all.filter((other) => other !== home)]) {
    const account = await region.store.accounts.find(stale.accountId);
    if (account && routeKey(old, account.emailKey).key === stale.emailKey) return account.emailKey;
  }
  return undefined;
}

export interface PepperStatus {
  generation: number;
  /** Seconds since 1970 UTC; absent for one that is forgotten and whose keys are not all removed. */
  createdAt: number | undefined;
  keys: number;
}

/** The peppers there are, with the keys that each has made; more than one while a rotation is under way. */
export async function pepperStatus({ directory }: Pick<Deps, "directory">): Promise<PepperStatus[]> {
  const [peppers, counts] = await Promise.all([directory.peppers.list(), directory.peppers.countKeys()]);
  const generations = new Set([...peppers, ...counts].map(({ generation }) => generation));
  return [...generations]
    .sort((a, b) => a - b)
    .map((generation) => ({
      generation,
      createdAt: peppers.find((pepper) => pepper.generation === generation)?.createdAt,
      keys: counts.find((count) => count.generation === generation)?.keys ?? 0,
    }));
}
