import { randomBytes } from "node:crypto";
import type { Deps } from "../../deps.ts";
import { hashSecret } from "../../secrets.ts";

/** A login that the portal begins for somebody who makes the app and wants to see it work ("Try it"). */
export interface TrialLogin {
  /** Also the id of the login. */
  trialId: string;
  /** Keeps that it begins once and ends once: the team's own. */
  region: string;
  clientId: string;
  /** Who tries. */
  accountId: string;
  /** SHA-256 of the browser's id. */
  browser: string;
  /** Seconds since 1970 UTC; nothing of it is honoured from then on. */
  until: number;
  popup: boolean;
  /** What the login's address had besides the usual. */
  hint: string;
  prompt: string;
}

const LIFETIME_SECONDS = 15 * 60;

/**
 * Where the portal waits for such logins. No app may have it for a redirect URI: a login goes there only with a bundle
 * that the portal sealed for it, once, in the browser it was sealed for.
 */
export const trialRedirectUri = ({ config }: Pick<Deps, "config">): string => `${config.url}/portal/try/callback`;

/** @returns the bundle that lets the login begin and end. */
export async function openTrialLogin(
  deps: Deps,
  region: string,
  browserId: string,
  trial: Pick<TrialLogin, "clientId" | "accountId" | "popup" | "hint" | "prompt">,
): Promise<string> {
  const trialId = randomBytes(12).toString("hex");
  const until = deps.now() + LIFETIME_SECONDS;
  await deps.regions.require(region).store.trials.addLogin(trialId, until);
  const opened: TrialLogin = { ...trial, trialId, region, browser: hashSecret(browserId), until };
  return deps.keys.seal("trial", opened, BUNDLE);
}

/** The id of the login that may begin, to exactly one caller; `undefined` for whatever else comes along. */
export async function beginTrialLogin(
  deps: Deps,
  bundle: string,
  browserId: string | undefined,
  clientId: string,
): Promise<string | undefined> {
  const trial = openBundle(deps, bundle, browserId);
  if (trial?.clientId !== clientId) return undefined;
  const { store } = deps.regions.require(trial.region);
  return (await store.trials.begin(trial.trialId, deps.now())) ? trial.trialId : undefined;
}

/** The login that came back, to exactly one caller, and when it began. */
export async function endTrialLogin(
  deps: Deps,
  bundle: string,
  browserId: string | undefined,
  accountId: string,
): Promise<(TrialLogin & { startedAt: number }) | undefined> {
  const trial = openBundle(deps, bundle, browserId);
  if (trial?.accountId !== accountId) return undefined;
  const startedAt = await deps.regions.require(trial.region).store.trials.end(trial.trialId, deps.now());
  return startedAt === undefined ? undefined : { ...trial, startedAt };
}

const BUNDLE = "bundle";

function openBundle(deps: Deps, bundle: string, browserId: string | undefined): TrialLogin | undefined {
  const trial = deps.keys.open("trial", bundle, BUNDLE) as TrialLogin | undefined;
  if (!trial || browserId === undefined || trial.browser !== hashSecret(browserId)) return undefined;
  return deps.now() < trial.until ? trial : undefined;
}
