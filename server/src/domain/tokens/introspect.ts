import type { Deps } from "../../deps.ts";
import { OAuthError } from "../../errors.ts";
import { findCredential } from "../apps/api-credentials.ts";
import { type AppCredential, authenticateApp } from "./authenticate-app.ts";
import { type CheckedToken, checkToken } from "./check-token.ts";

/**
 * The token for whoever may ask about it (RFC 7662 §2.1): an API credential about tokens of its regions, an app about
 * its own. `undefined` is "not active", also for a token that is none of the caller's business (§2.2).
 *
 * @throws {OAuthError} `invalid_client`: the caller is neither.
 */
export async function introspectToken(
  deps: Deps,
  credential: AppCredential,
  token: string,
  requestId: string,
): Promise<CheckedToken | undefined> {
  const maySee = authenticateCaller(deps, credential);
  const found = await checkToken(deps, token, requestId);
  return found && maySee(found) ? found : undefined;
}

function authenticateCaller(deps: Deps, credential: AppCredential): (token: CheckedToken) => boolean {
  for (const { clientId, secret } of credential.readings) {
    const api = secret === undefined ? undefined : findCredential(deps, clientId, secret);
    if (api) return (token) => api.regions.length === 0 || api.regions.includes(token.region);
  }
  const app = authenticateApp(deps, credential);
  // Nothing authenticates a public app here, and anybody could ask in its name.
  if (app.kind === "public") throw new OAuthError("invalid_client", "A public app cannot introspect.");
  return (token) => token.clientId === app.clientId;
}
