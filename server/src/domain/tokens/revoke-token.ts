import type { Deps } from "../../deps.ts";
import { OAuthError } from "../../errors.ts";
import { hashSecret } from "../../secrets.ts";
import type { Region } from "../regions/regions.ts";
import { type AppCredential, authenticateApp } from "./authenticate-app.ts";
import { readAccessToken, readRefreshToken } from "./credentials.ts";

/**
 * Ends a token of the app that asks (RFC 7009). An access token ends alone, a refresh token with all that came from its
 * login (§2.1). Unknown tokens are no error (§2.2): they are as revoked as can be.
 *
 * @throws {OAuthError} `invalid_client`; `unauthorized_client` (§2.1) for a token of another app.
 */
export async function revokeToken(deps: Deps, credential: AppCredential, token: string): Promise<void> {
  const app = authenticateApp(deps, credential);
  const requireOwner = (clientId: string | undefined) => {
    if (clientId !== undefined && clientId !== app.clientId)
      throw new OAuthError("unauthorized_client", "The token was not issued to this client.");
    return clientId !== undefined;
  };
  const access = regionOf(deps, readAccessToken(token)?.region);
  if (access) {
    const { tokens } = access.store;
    const owner = await tokens.findOwner(hashSecret(token));
    if (requireOwner(owner?.clientId)) await tokens.revoke(hashSecret(token), access.now());
    return;
  }
  const refresh = regionOf(deps, readRefreshToken(token)?.region);
  if (!refresh) return;
  const found = await refresh.store.refreshTokens.find(hashSecret(token));
  if (found && requireOwner(found.clientId)) await refresh.store.tokens.revokeGrant(found.codeHash, refresh.now());
}

const regionOf = (deps: Deps, name: string | undefined): Region | undefined =>
  name === undefined ? undefined : deps.regions.find(name);
