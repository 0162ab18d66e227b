import type { Deps } from "../../deps.ts";
import { OAuthError } from "../../errors.ts";
import { hashSecret } from "../../secrets.ts";
import { onTheMove } from "../moving/staying.ts";
import { findWhereItLives } from "../regions/whereabouts.ts";
import { type AppCredential, authenticateApp } from "./authenticate-app.ts";
import { readAccessToken, readRefreshToken } from "./credentials.ts";

/**
 * Ends a token of the app that asks (RFC 7009). An access token ends alone, a refresh token with all that came from its
 * login (§2.1). Unknown tokens are no error (§2.2): they are as revoked as can be.
 *
 * @throws {OAuthError} `invalid_client`; `unauthorized_client` (§2.1) for a token of another app;
 *   `temporarily_unavailable` while its installation is on the move.
 */
export async function revokeToken(deps: Deps, credential: AppCredential, token: string): Promise<void> {
  const app = authenticateApp(deps, credential);
  const requireOwner = (clientId: string | undefined) => {
    if (clientId !== undefined && clientId !== app.clientId)
      throw new OAuthError("unauthorized_client", "The token was not issued to this client.");
    return clientId !== undefined;
  };
  const hash = hashSecret(token);
  const accessHint = readAccessToken(token);
  if (accessHint) {
    const access = await findWhereItLives(deps, accessHint, ({ store }) => store.tokens.findOwner(hash));
    if (!access || !requireOwner(access.found.clientId)) return;
    const { tokens } = access.region.store;
    if (await tokens.revoke(hash, access.region.now())) return;
    if ((await tokens.findOwner(hash))?.revokedAt === null) throw onTheMove();
    return;
  }
  const refreshHint = readRefreshToken(token);
  if (!refreshHint) return;
  const refresh = await findWhereItLives(deps, refreshHint, ({ store }) => store.refreshTokens.find(hash));
  if (!refresh || !requireOwner(refresh.found.clientId)) return;
  if (!(await refresh.region.store.tokens.revokeGrant(refresh.found.codeHash, refresh.region.now()))) throw onTheMove();
}
