import type { Deps } from "../../deps.ts";
import type { Region } from "../regions/regions.ts";

/**
 * What became of a login by which somebody tried their app, and all that was asked since. `Asked` is whatever the portal
 * wants to remember of a request.
 */
export interface Trial<Asked> {
  trialId: string;
  clientId: string;
  accountId: string;
  codeVerifier: string;
  /** Step one: its address, and when it was opened. */
  start: { at: number; url: string };
  /** Step three: path and query of the callback, and the error it brought. */
  back: { at: number; target: string; problem?: string };
  code?: { text: string; expiresAt: number; installationId: number };
  asked: Asked[];
}

/** As long as somebody plays with it. The token outlives it, like any other. */
const KEPT_SECONDS = 3_600;
const CHANGE_TRIES_MAX = 5;

/** Where it is kept, as its address names it: `US.5f3a…` */
export const trialName = (region: Region, trialId: string): string => `${region.name}.${trialId}`;

/** @param region of the user who logged in, because what is kept tells of them. */
export async function keepTrial<Asked>(deps: Deps, region: Region, trial: Trial<Asked>): Promise<void> {
  await region.store.trials.keep(trial.trialId, seal(deps, trial.trialId, trial), region.now() + KEPT_SECONDS);
}

export interface FoundTrial<Asked> {
  region: Region;
  trial: Trial<Asked>;
}

/** The trial of that name, if this account makes it with this app. @throws {DatabaseUnavailable} */
export async function findTrial<Asked>(
  deps: Deps,
  name: string,
  who: { clientId: string; accountId: string },
): Promise<FoundTrial<Asked> | undefined> {
  const found = await read<Asked>(deps, name);
  if (found?.trial.clientId !== who.clientId || found.trial.accountId !== who.accountId) return undefined;
  return found;
}

/**
 * Changes it, whoever else does so at the same time.
 *
 * @param change gives what it becomes, or `undefined` when it must stay as it is; may be asked more than once.
 * @returns `undefined` when it stayed as it is, or is gone.
 */
export async function changeTrial<Asked>(
  deps: Deps,
  { region, trial: { trialId } }: FoundTrial<Asked>,
  change: (trial: Trial<Asked>) => Trial<Asked> | undefined,
): Promise<Trial<Asked> | undefined> {
  for (let tries = 0; tries < CHANGE_TRIES_MAX; tries++) {
    const found = await read<Asked>(deps, trialName(region, trialId));
    const changed = found && change(found.trial);
    if (!changed) return undefined;
    if (await region.store.trials.change(trialId, found.version, seal(deps, trialId, changed))) return changed;
  }
  return undefined;
}

async function read<Asked>(deps: Deps, name: string): Promise<(FoundTrial<Asked> & { version: number }) | undefined> {
  const [regionName = "", trialId = ""] = name.split(".");
  const region = deps.regions.find(regionName);
  const row = await region?.store.trials.find(trialId, region.now());
  const trial = row && (deps.keys.open("trial", row.sealed, trialId) as Trial<Asked> | undefined);
  return region && row && trial ? { region, trial, version: row.version } : undefined;
}

const seal = <Asked>(deps: Deps, trialId: string, trial: Trial<Asked>) => deps.keys.seal("trial", trial, trialId);
