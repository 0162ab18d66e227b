import type { Deps } from "../../deps.ts";
import { hashSecret } from "../../secrets.ts";
import type { Region } from "../regions/regions.ts";
import { findAnywhere } from "../regions/whereabouts.ts";
import { regionOfCode } from "../tokens/credentials.ts";
import type { TrialLogin } from "./trial-login.ts";
import type { Trial } from "./trials.ts";

/** What the region knows of a code that came back; `undefined` when it is not the code of that very login. */
export async function findTrialCode(
  { store }: Region,
  code: string,
  { trialId, clientId }: Pick<TrialLogin, "trialId" | "clientId">,
): Promise<Trial<unknown>["code"]> {
  const found = await store.codes.find(hashSecret(code));
  if (found?.loginId !== trialId || found.clientId !== clientId) return undefined;
  return { text: code, expiresAt: found.expiresAt, installationId: found.installationId };
}

/** Whether it is the code that this very login ended with. */
export async function isCodeOfTrial(deps: Deps, trialId: string, code: string): Promise<boolean> {
  const hash = hashSecret(code);
  const kept = await findAnywhere(deps, regionOfCode(code) ?? "", ({ store }) => store.codes.find(hash));
  return kept?.found.loginId === trialId;
}

/** Makes the code late at once: nobody wants to wait a quarter of an hour to see what an app is told then. */
export const endTrialCode = ({ store, now }: Region, trialId: string, code: string): Promise<boolean> =>
  store.trials.endCode(hashSecret(code), trialId, now());
