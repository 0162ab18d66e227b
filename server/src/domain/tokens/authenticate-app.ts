import type { Deps } from "../../deps.ts";
import { OAuthError } from "../../errors.ts";
import type { App } from "../../store/directory/apps.ts";
import { findSecret, noteSecretUse } from "../apps/secrets.ts";
import { readTrialSecret } from "../trials/trial-secret.ts";

/** What a caller says to be (RFC 6749 §2.3), as read from the body or from HTTP Basic. */
export interface AppCredential {
  /**
   * Every reading of what was sent. HTTP Basic has two: form-decoded as RFC 6749 §2.3.1 wants it,
   * and raw as many clients send it. The first that fits counts.
   */
  readings: readonly { clientId: string; secret: string | undefined }[];
  basic: boolean;
}

/**
 * The app that the caller proves to be. A public app proves nothing here: its code does, by PKCE.
 *
 * @throws {OAuthError} `invalid_client`: unknown, suspended, or a wrong or missing secret; the answer tells not which.
 */
export const authenticateApp = (deps: Deps, credential: AppCredential): App => authenticate(deps, credential).app;

export interface Authenticated {
  app: App;
  /** By a secret that the portal made to try the app: it is good for the code of that one login. */
  trialId?: string;
}

/** The same, and by what it was proven. @throws {OAuthError} `invalid_client` */
export function authenticate(deps: Deps, credential: AppCredential): Authenticated {
  for (const { clientId, secret } of credential.readings) {
    const app = deps.apps.find(clientId);
    if (!app || app.status === "suspended") continue;
    if (app.kind === "public") {
      // Clients of public apps often have a field for the secret, and send it empty.
      if (secret === undefined || secret === "") return { app };
      continue;
    }
    if (secret === undefined) continue;
    const found = findSecret(app, secret, deps.now());
    if (found) {
      noteSecretUse(deps, app, found);
      return { app };
    }
    const trialId = readTrialSecret(deps, clientId, secret);
    if (trialId !== undefined) return { app, trialId };
  }
  throw new OAuthError("invalid_client", "The client is unknown, or its credential is wrong or missing.");
}
