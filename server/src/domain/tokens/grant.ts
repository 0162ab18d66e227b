import type { App } from "../../store/directory/apps.ts";
import type { Grantee } from "../../store/region/grantees.ts";
import { type Issued, newAccessToken, newRefreshToken, newTokenId, type TokenHint } from "./credentials.ts";

/** What an app gets for a code or a refresh token. */
export interface Grant extends Grantee {
  region: string;
  accessToken: string;
  scopes: readonly string[];
  /** Both only for apps with expiring tokens. */
  expiresInSeconds?: number;
  refreshToken?: string;
  idToken?: string;
  /** The login it came from, for the app's timeline. Never shown to the app. */
  loginId?: string;
}

export const ACCESS_TOKEN_LIFETIME_SECONDS = 60 * 60;
/** Counted from the last use: each use issues the next one. */
export const REFRESH_TOKEN_LIFETIME_SECONDS = 30 * 24 * 60 * 60;

export interface Tokens {
  access: Issued;
  tokenId: string;
  /** Absent for permanent tokens. */
  refresh?: Issued;
  accessExpiresAt: number | null;
  refreshExpiresAt: number;
}

/** Fresh tokens of the kind that the app chose; nothing is stored yet. */
export function newTokens(app: Pick<App, "tokens">, hint: TokenHint, now: number): Tokens {
  const expiring = app.tokens === "expiring";
  return {
    access: newAccessToken(hint),
    tokenId: newTokenId(),
    ...(expiring ? { refresh: newRefreshToken(hint) } : {}),
    accessExpiresAt: expiring ? now + ACCESS_TOKEN_LIFETIME_SECONDS : null,
    refreshExpiresAt: now + REFRESH_TOKEN_LIFETIME_SECONDS,
  };
}

export const grantOf = (region: string, tokens: Tokens, grantee: Grantee, scopes: readonly string[]): Grant => ({
  ...grantee,
  region,
  accessToken: tokens.access.secret,
  scopes,
  ...(tokens.refresh ? { expiresInSeconds: ACCESS_TOKEN_LIFETIME_SECONDS, refreshToken: tokens.refresh.secret } : {}),
});
