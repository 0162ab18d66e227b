import type { Deps } from "../../deps.ts";
import { OAuthError } from "../../errors.ts";
import { hashSecret } from "../../secrets.ts";
import type { App } from "../../store/directory/apps.ts";
import type { CodeRecord } from "../../store/region/codes.ts";
import { matchesRegistered, stripAppendedParameters } from "../apps/redirect-uri.ts";
import { onTheMove, requireStaying } from "../moving/staying.ts";
import type { Region } from "../regions/regions.ts";
import { findAnywhere } from "../regions/whereabouts.ts";
import { regionOfCode } from "./credentials.ts";
import type { TokenRequest } from "./exchange-code.ts";
import { type Grant, grantOf, newTokens, type Tokens } from "./grant.ts";
import { signIdToken } from "./id-token.ts";
import { requireVerifier } from "./pkce.ts";
import { surely } from "./unknown-outcome.ts";

/**
 * Spends an authorization code and makes its tokens, in one atomic batch (RFC 6749 §4.1.3).
 *
 * @param app  already authenticated; a code is worth nothing to any other app.
 * @throws {OAuthError} `invalid_request` for missing fields; `invalid_grant`: the code is unknown, another app's, late,
 *   spent, dead, of a user who is gone, or does not fit the request. A refusal does not spend the code.
 *   `temporarily_unavailable` while its installation is on the move: the code is not spent either.
 */
export async function redeemCode(deps: Deps, app: App, request: TokenRequest): Promise<Grant> {
  const { code, redirectUri, codeVerifier } = request;
  if (code === undefined) throw new OAuthError("invalid_request", "The code is missing.");
  if (redirectUri === undefined) throw new OAuthError("invalid_request", "The redirect_uri is missing.");
  const regionName = regionOfCode(code);
  if (regionName === undefined) throw unknownCode();

  const codeHash = hashSecret(code);
  const kept = await findAnywhere(deps, regionName, ({ store }) => store.codes.find(codeHash));
  if (kept?.found.clientId !== app.clientId) {
    if (!kept) await endGrantOfPurgedCode(deps, app, regionName, codeHash);
    throw unknownCode();
  }
  const { region, found } = kept;
  // A confidential app has proven that the code is its own, so its replay counts whatever else the request says.
  // A public app proves it only by the verifier, below.
  if (found.redeemedAt !== null && app.kind === "confidential" && !(await takeBackUnseen(deps, region, found)))
    return endReplayedGrant(region, found);
  try {
    requireRedirectUri(app, found, redirectUri, request.strict);
    requireVerifier(found.challenge, codeVerifier, app.pkceCompat && app.kind === "confidential");
  } catch (refusal) {
    if (!(await region.store.codes.refuse(codeHash)))
      await requireStaying(region, "installation", found.installationId);
    throw refusal;
  }
  return spend(deps, region, app, found);
}

async function spend(deps: Deps, region: Region, app: App, code: CodeRecord): Promise<Grant> {
  const { codes } = region.store;
  const now = region.now();
  const tokens = newTokens(app, { installationId: code.installationId, userId: code.userId, region: region.name }, now);
  // Before the code is spent: what cannot be signed right now must not cost it.
  const idToken = code.scopes.includes("openid") ? await signIdToken(deps, app, code, now) : undefined;
  const grantee = await surely({
    attempt: () => codes.redeem(code, rowsOf(tokens), now),
    findOut: async () => {
      const after = await codes.find(code.codeHash);
      return after?.tokenHash === tokens.access.hash ? codes.granteeOf(code) : undefined;
    },
    leftOpen: () => deps.unseenTokens.note(code.codeHash, tokens.access.hash),
  });
  if (grantee) {
    const grant = grantOf(region.name, tokens, grantee, code.scopes);
    if (code.loginId !== null) grant.loginId = code.loginId;
    if (idToken !== undefined) grant.idToken = idToken;
    return grant;
  }

  const after = await codes.find(code.codeHash);
  if (after && after.redeemedAt !== null && (await takeBackUnseen(deps, region, after)))
    return spend(deps, region, app, after);
  // Two parties hold this code and we cannot tell which is the thief,
  // so the token of the first one dies too (RFC 6749 §4.1.2), even when the code is late by now.
  if (after && after.redeemedAt !== null) return endReplayedGrant(region, after);
  if (after && codes.isDead(after))
    throw new OAuthError("invalid_grant", "The code was refused too often and is dead.");
  if (after && after.expiresAt <= now) throw new OAuthError("invalid_grant", "The code has expired.");
  if (after && (await codes.granteeOf(after))) throw onTheMove();
  throw new OAuthError("invalid_grant", "The user of this code is gone or disabled.");
}

/**
 * Whether the code was spent for a token that nobody was told; then it is worth one again, once. Also when somebody else
 * has just taken it back: then two hold the code, and spending it tells who was first.
 */
async function takeBackUnseen(deps: Deps, region: Region, { codeHash, tokenHash }: CodeRecord): Promise<boolean> {
  if (tokenHash === null || !(await deps.unseenTokens.find(codeHash)).includes(tokenHash)) return false;
  const { codes } = region.store;
  if (await codes.takeBack(codeHash, tokenHash)) return true;
  const after = await codes.find(codeHash);
  return after !== undefined && after.tokenHash !== tokenHash;
}

async function endReplayedGrant(region: Region, code: CodeRecord): Promise<never> {
  if (!(await region.store.tokens.revokeGrant(code.codeHash, region.now()))) throw onTheMove();
  throw new OAuthError("invalid_grant", "The code was already used.", { detail: "replay: its token is revoked" });
}

/** A code outlives its row only as the name of its grant; a replay years later must still end the token. */
async function endGrantOfPurgedCode(deps: Deps, app: App, regionName: string, codeHash: string): Promise<void> {
  if (app.kind === "public") return; // nothing is left to prove that the code is its own
  const grant = await findAnywhere(deps, regionName, ({ store }) => store.tokens.findGrantOwner(codeHash));
  if (grant?.found !== app.clientId) return;
  if (!(await grant.region.store.tokens.revokeGrant(codeHash, grant.region.now()))) throw onTheMove();
}

function requireRedirectUri(app: App, code: CodeRecord, redirectUri: string, identical: boolean): void {
  const compared = identical ? (uri: string) => uri : stripAppendedParameters;
  if (compared(redirectUri) !== compared(code.redirectUri))
    throw new OAuthError("invalid_grant", "The redirect_uri differs from the one of the login.");
  if (!matchesRegistered(app.redirectUris, code.redirectUri))
    throw new OAuthError("invalid_grant", "The redirect_uri is no longer registered.");
}

const unknownCode = () => new OAuthError("invalid_grant", "The code is unknown.");

const rowsOf = (tokens: Tokens) => ({
  tokenHash: tokens.access.hash,
  tokenId: tokens.tokenId,
  expiresAt: tokens.accessExpiresAt,
  ...(tokens.refresh ? { refresh: { refreshHash: tokens.refresh.hash, expiresAt: tokens.refreshExpiresAt } } : {}),
});
