import { randomBytes } from "node:crypto";
import type { Deps } from "../../deps.ts";
import { hashSecret, newSecret, sameText } from "../../secrets.ts";
import type { ApiCredential } from "../../store/directory/api-credentials.ts";
import { auditEntry, changedFields } from "../audit.ts";
import type { Refused } from "../refused.ts";

/** What scanners of leaked secrets can know ours by. */
const PREFIX = "lka_";

/** The API credential that a guard proves to hold, or `undefined`: unknown, or the secret is wrong. */
export function findCredential(deps: Pick<Deps, "apps">, id: string, secret: string): ApiCredential | undefined {
  const credential = deps.apps.findCredential(id);
  return credential && sameText(credential.secretHash, hashSecret(secret)) ? credential : undefined;
}

export const findApiCredential = (deps: Deps, id: string) => deps.directory.apiCredentials.find(id);

/** Credentials in the order of their ids, after the one given. */
export const apiCredentialsAfter = (deps: Deps, id: string, limit: number) =>
  deps.directory.apiCredentials.page(id, limit);

export type ApiCredentialDraft = Pick<ApiCredential, "name" | "regions">;

/** A new credential for the company's own APIs. The secret is in no other answer. */
export async function issueApiCredential(
  deps: Deps,
  draft: ApiCredentialDraft,
  actor: string,
): Promise<{ credential: ApiCredential; secret: string } | Refused> {
  const problem = regionsProblem(deps, draft.regions);
  if (problem !== undefined) return { problems: { regions: problem } };
  const now = deps.now();
  const secret = PREFIX + newSecret();
  const credential: ApiCredential = {
    ...draft,
    credentialId: randomBytes(16).toString("hex"),
    secretHash: hashSecret(secret),
    hint: secret.slice(-4),
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  const entry = auditEntry(actor, "api-credential.issue", credential.credentialId, now, { regions: draft.regions });
  await deps.directory.apiCredentials.issue(credential, entry);
  await deps.apps.showOwnWrite();
  return { credential, secret };
}

export async function changeApiCredential(
  deps: Deps,
  credential: ApiCredential,
  draft: ApiCredentialDraft,
  actor: string,
): Promise<{ credential: ApiCredential } | Refused> {
  const problem = regionsProblem(deps, draft.regions);
  if (problem !== undefined) return { problems: { regions: problem } };
  const now = deps.now();
  const changed: ApiCredential = { ...credential, ...draft, updatedAt: now };
  const fields = changedFields(credential, { ...changed, updatedAt: credential.updatedAt });
  const entry = auditEntry(actor, "api-credential.change", credential.credentialId, now, { fields });
  if (!(await deps.directory.apiCredentials.change(changed, entry))) return { stale: true };
  await deps.apps.showOwnWrite();
  return { credential: { ...changed, version: credential.version + 1 } };
}

/** False when it was gone already. */
export async function deleteApiCredential(deps: Deps, credential: ApiCredential, actor: string): Promise<boolean> {
  const { credentialId } = credential;
  const entry = auditEntry(actor, "api-credential.delete", credentialId, deps.now());
  const deleted = await deps.directory.apiCredentials.remove(credentialId, entry);
  await deps.apps.showOwnWrite();
  return deleted;
}

function regionsProblem(deps: Deps, regions: readonly string[]): string | undefined {
  const unknown = regions.find((name) => !deps.regions.find(name));
  if (unknown !== undefined) return `There is no region ${JSON.stringify(unknown)}.`;
  return new Set(regions).size < regions.length ? "A region is listed twice." : undefined;
}
