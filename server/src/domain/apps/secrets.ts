import { randomBytes } from "node:crypto";
import type { Deps } from "../../deps.ts";
import { hashSecret, newSecret, sameText } from "../../secrets.ts";
import type { App, AppSecret } from "../../store/directory/apps.ts";
import { auditEntry } from "../audit.ts";
import type { Refused } from "../refused.ts";

/** What scanners of leaked secrets can know ours by. */
const PREFIX = "lks_";
const HOUR_SECONDS = 3_600;

/** Each one is compared at each exchange. */
const SECRETS_MAX = 20;

/**
 * The live secret of an app that was sent, or `undefined`.
 *
 * All are compared, always, and as hashes: the time tells how many secrets the app has and nothing of them.
 * @param now seconds since 1970 UTC; a secret is refused from its `expiresAt` on.
 */
export function findSecret(app: App, sent: string, now: number): AppSecret | undefined {
  const hash = hashSecret(sent);
  let found: AppSecret | undefined;
  for (const secret of app.secrets) {
    const live = secret.expiresAt === null || now < secret.expiresAt;
    if (sameText(secret.secretHash, hash) && live) found = secret;
  }
  return found;
}

/** Keeps a secret's last use, to the hour and off the hot path: one write an hour, secret and process, which nobody waits for. */
export function noteSecretUse(
  deps: Pick<Deps, "apps" | "directory" | "log" | "now">,
  app: App,
  secret: AppSecret,
): void {
  const now = deps.now();
  const hour = now - (now % HOUR_SECONDS);
  if (!deps.apps.isNewUse(secret.secretId, hour)) return;
  deps.directory.apps
    .markSecretUsed(app.clientId, secret.secretId, now)
    .catch((error) => deps.log.warn({ err: error }, "the last use of a secret could not be noted"));
}

/** Whether it was used within a day, as far as is known: to the hour. Ending such a one breaks something. */
export const isInUse = ({ lastUsedAt, expiresAt }: AppSecret, now: number): boolean =>
  lastUsedAt !== null && (expiresAt === null || now < expiresAt) && now < lastUsedAt + 25 * HOUR_SECONDS;

export interface SecretDraft {
  name: string;
  /** Seconds since 1970 UTC. */
  expiresAt: number | null;
}

/** A fresh secret: the text for its owner, the record for the store. */
export function newAppSecret(draft: SecretDraft, now: number): { clientSecret: string; secret: AppSecret } {
  const clientSecret = PREFIX + newSecret();
  const secret: AppSecret = {
    ...draft,
    secretId: randomBytes(16).toString("hex"),
    secretHash: hashSecret(clientSecret),
    hint: clientSecret.slice(-4),
    createdAt: now,
    lastUsedAt: null,
  };
  return { clientSecret, secret };
}

/** The record for lists, and the text, which is in no other answer. */
interface ShownSecret {
  secret: AppSecret;
  clientSecret: string;
}

/** Adds a secret beside those there are, and lets another one end, if one is given. */
export async function addAppSecret(
  deps: Deps,
  app: App,
  draft: SecretDraft,
  actor: string,
  ending?: { secretId: string; expiresAt: number },
): Promise<ShownSecret | Refused> {
  const now = deps.now();
  if (app.kind === "public") return { conflict: "A public app has no secrets." };
  if (app.secrets.length >= SECRETS_MAX) return { conflict: `An app has at most ${SECRETS_MAX} secrets.` };
  if (draft.expiresAt !== null && draft.expiresAt <= now)
    return { problems: { expiresAt: "It must lie in the future." } };
  const { secret, clientSecret } = newAppSecret(draft, now);
  const entry = auditEntry(actor, "secret.add", app.clientId, now, { secretId: secret.secretId });
  const end = ending && {
    ...ending,
    entry: auditEntry(actor, "secret.end", app.clientId, now, { secretId: ending.secretId }),
  };
  if (!(await deps.directory.apps.addSecret(app.clientId, secret, entry, end))) return { stale: true };
  await deps.apps.showOwnWrite();
  return { secret, clientSecret };
}

/** False when it was gone already. */
export async function deleteAppSecret(deps: Deps, app: App, secret: AppSecret, actor: string): Promise<boolean> {
  const entry = auditEntry(actor, "secret.delete", app.clientId, deps.now(), { secretId: secret.secretId });
  const deleted = await deps.directory.apps.removeSecret(app.clientId, secret.secretId, entry);
  await deps.apps.showOwnWrite();
  return deleted;
}

/** A second secret beside the one that is to go, which ends after the overlap: nothing fails meanwhile. Both or neither. */
export const rotateAppSecret = (
  deps: Deps,
  app: App,
  { name, secretId }: AppSecret,
  overlapSeconds: number,
  actor: string,
): Promise<ShownSecret | Refused> =>
  addAppSecret(deps, app, { name, expiresAt: null }, actor, { secretId, expiresAt: deps.now() + overlapSeconds });
