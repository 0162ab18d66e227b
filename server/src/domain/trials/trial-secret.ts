import type { Deps } from "../../deps.ts";
import { sameText } from "../../secrets.ts";

/** Scanners of leaked secrets know it by `lks_`, and people by the rest. */
const PREFIX = "lks_try_";
const LIFETIME_SECONDS = 15 * 60;

const sign = (deps: Pick<Deps, "keys">, clientId: string, named: string) =>
  deps.keys.hmac("trial", `secret ${clientId} ${named}`);

/**
 * A secret by which the portal asks in the app's name while it is tried: for 15 minutes, for the code of that one login
 * and to look at or end tokens. It follows from the base key, so it is stored nowhere, counts among no app's secrets,
 * and is in no list of them.
 */
export function newTrialSecret(deps: Pick<Deps, "keys" | "now">, clientId: string, trialId: string): string {
  const named = `${trialId}.${deps.now() + LIFETIME_SECONDS}`;
  return `${PREFIX}${named}.${sign(deps, clientId, named)}`;
}

/** The login that the secret was made for, if it is one of this app that still works. */
export function readTrialSecret(deps: Pick<Deps, "keys" | "now">, clientId: string, sent: string): string | undefined {
  if (!sent.startsWith(PREFIX)) return undefined;
  const [trialId = "", until = "", signature = "", ...more] = sent.slice(PREFIX.length).split(".");
  if (more.length > 0 || !sameText(signature, sign(deps, clientId, `${trialId}.${until}`))) return undefined;
  return deps.now() < Number(until) ? trialId : undefined;
}
