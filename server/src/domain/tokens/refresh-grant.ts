import type { Deps } from "../../deps.ts";
import { OAuthError } from "../../errors.ts";
import { hashSecret } from "../../secrets.ts";
import type { App } from "../../store/directory/apps.ts";
import type { RefreshTokenRecord } from "../../store/region/refresh-tokens.ts";
import { onTheMove } from "../moving/staying.ts";
import type { Region } from "../regions/regions.ts";
import { findWhereItLives } from "../regions/whereabouts.ts";
import { readRefreshToken } from "./credentials.ts";
import type { TokenRequest } from "./exchange-code.ts";
import { type Grant, grantOf, newTokens } from "./grant.ts";
import { signIdToken } from "./id-token.ts";
import { readScopes } from "./scopes.ts";
import { surely } from "./unknown-outcome.ts";

/** A client whose answer got lost may ask again this long; later it is somebody else (RFC 9700 §4.14.2). */
const REUSE_GRACE_SECONDS = 10;

/**
 * Trades a refresh token for a new pair (RFC 6749 §6); the old one is spent.
 *
 * @throws {OAuthError} `invalid_grant`: unknown, another app's, late, revoked or reused; reuse ends the whole family;
 *   `temporarily_unavailable` while its installation is on the move: the refresh token is not spent.
 */
export async function refreshGrant(deps: Deps, app: App, request: TokenRequest): Promise<Grant> {
  const { refreshToken } = request;
  if (refreshToken === undefined) throw new OAuthError("invalid_request", "The refresh_token is missing.");
  const hint = readRefreshToken(refreshToken);
  const hash = hashSecret(refreshToken);
  const holder = hint && (await findWhereItLives(deps, hint, ({ store }) => store.refreshTokens.find(hash)));
  if (holder?.found.clientId !== app.clientId) throw unknown();
  return rotate(deps, app, holder, request);
}

async function rotate(
  deps: Deps,
  app: App,
  { region, found: used }: { region: Region; found: RefreshTokenRecord },
  request: TokenRequest,
): Promise<Grant> {
  const { refreshTokens, tokens: accessTokens } = region.store;
  const scopes = narrowed(used.scopes, request.scope());
  const now = region.now();
  const { installationId, userId } = used;
  const tokens = newTokens({ tokens: "expiring" }, { installationId, userId, region: region.name }, now);
  const { refresh: next, accessExpiresAt } = tokens;
  if (!next || accessExpiresAt === null) throw new Error("Expiring tokens come in pairs.");
  // Before the refresh token is spent, as for codes.
  const idToken = scopes.includes("openid") ? await signIdToken(deps, app, { userId }, now) : undefined;
  const grantee = await surely({
    attempt: () =>
      refreshTokens.rotate(
        {
          used,
          scopes,
          token: { tokenHash: tokens.access.hash, tokenId: tokens.tokenId, expiresAt: accessExpiresAt },
          next: { refreshHash: next.hash, expiresAt: tokens.refreshExpiresAt },
        },
        now,
        REUSE_GRACE_SECONDS,
      ),
    findOut: async () => ((await refreshTokens.find(next.hash)) ? refreshTokens.granteeOf(used) : undefined),
    leftOpen: () => deps.unseenTokens.note(used.refreshHash, next.hash),
  });
  if (grantee) {
    const grant = grantOf(region.name, tokens, grantee, scopes);
    if (idToken !== undefined) grant.idToken = idToken;
    return grant;
  }

  const after = await refreshTokens.find(used.refreshHash);
  if (after && after.rotatedAt !== null && after.rotatedAt <= now - REUSE_GRACE_SECONDS) {
    for (const unseen of await deps.unseenTokens.find(used.refreshHash))
      if (await refreshTokens.takeBack(used.refreshHash, unseen))
        return rotate(deps, app, { region, found: after }, request);
    if (!(await accessTokens.revokeGrant(after.codeHash, now))) throw onTheMove();
    throw new OAuthError("invalid_grant", "The refresh_token was already used.", {
      detail: "reuse: its family is revoked",
    });
  }
  if (after && after.revokedAt === null && after.expiresAt > now && (await refreshTokens.granteeOf(after)))
    throw onTheMove();
  throw new OAuthError("invalid_grant", "The refresh_token has expired or was revoked.");
}

/** The same scopes or fewer, never more (RFC 6749 §6). */
function narrowed(granted: readonly string[], asked: string | undefined): readonly string[] {
  const wanted = readScopes(asked, /[ ,]+/);
  if (wanted.length === 0) return granted;
  if (wanted.some((scope) => !granted.includes(scope)))
    throw new OAuthError("invalid_scope", "A refresh cannot ask for more than was granted.");
  return wanted;
}

const unknown = () => new OAuthError("invalid_grant", "The refresh_token is unknown.");
