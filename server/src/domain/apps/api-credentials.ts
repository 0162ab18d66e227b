import type { Deps } from "../../deps.ts";
import { hashSecret, sameText } from "../../secrets.ts";
import type { ApiCredential } from "../../store/directory/api-credentials.ts";

/** The API credential that a guard proves to hold, or `undefined`: unknown, or the secret is wrong. */
export function findCredential(deps: Pick<Deps, "apps">, id: string, secret: string): ApiCredential | undefined {
  const credential = deps.apps.findCredential(id);
  return credential && sameText(credential.secretHash, hashSecret(secret)) ? credential : undefined;
}
