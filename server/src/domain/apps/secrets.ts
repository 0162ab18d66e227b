import type { Deps } from "../../deps.ts";
import { hashSecret, sameText } from "../../secrets.ts";
import type { App, AppSecret } from "../../store/directory/apps.ts";

const HOUR_SECONDS = 3_600;

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

/** Keeps the hour of a secret's last use, off the hot path: one write an hour, secret and process, which nobody waits for. */
export function noteSecretUse(
  deps: Pick<Deps, "apps" | "directory" | "log" | "now">,
  app: App,
  secret: AppSecret,
): void {
  const now = deps.now();
  const hour = now - (now % HOUR_SECONDS);
  if (!deps.apps.isNewUse(secret.secretId, hour)) return;
  deps.directory.apps
    .markSecretUsed(app.clientId, secret.secretId, hour)
    .catch((error) => deps.log.warn({ err: error }, "the last use of a secret could not be noted"));
}
