import type { Deps } from "../../deps.ts";
import { OAuthError } from "../../errors.ts";
import type { App } from "../../store/directory/apps.ts";
import { isCodeOfTrial } from "../trials/trial-code.ts";
import { trialRedirectUri } from "../trials/trial-login.ts";
import { type AppCredential, type Authenticated, authenticate } from "./authenticate-app.ts";
import type { Grant } from "./grant.ts";
import { redeemCode } from "./redeem-code.ts";
import { refreshGrant } from "./refresh-grant.ts";

/** A token request (RFC 6749 §4.1.3 and §6) as the caller sent it; what is absent is `undefined`. */
export interface TokenRequest {
  credential: AppCredential;
  grantType: string | undefined;
  code: string | undefined;
  redirectUri: string | undefined;
  codeVerifier: string | undefined;
  refreshToken: string | undefined;
  /** Read only where it counts: in a refresh. */
  scope(): string | undefined;
  origin: string | undefined;
  /** RFC 6749 to the letter (`/oauth2/token`), and not as clients in the field write it. */
  strict: boolean;
}

/** Step four of the guide, whole: who asks, from where, with which code, for which token. */
export async function exchangeCode(deps: Deps, request: TokenRequest): Promise<Grant> {
  const by = authenticate(deps, request.credential);
  requireAllowedOrigin(by.app, request.origin);
  return meansCode(request) ? redeem(deps, by, request) : otherGrant(deps, by, request);
}

/** Clients in the field leave the grant_type out, or send client_credentials beside a code, and mean the code. */
function meansCode({ grantType, code, strict }: TokenRequest): boolean {
  if (grantType === "authorization_code") return true;
  if (!strict) return grantType === undefined || (grantType === "client_credentials" && code !== undefined);
  if (grantType === undefined) throw new OAuthError("invalid_request", "The grant_type is missing.");
  return false;
}

async function redeem(deps: Deps, { app, trialId }: Authenticated, request: TokenRequest): Promise<Grant> {
  if (trialId !== undefined && !(await isCodeOfTrial(deps, trialId, request.code ?? "")))
    throw new OAuthError("invalid_grant", "The secret of a try exchanges the code of its own login and no more.");
  // No app has registered the portal's address, and no login but a try can have had it.
  const portal = trialRedirectUri(deps);
  const open = request.redirectUri === portal ? { ...app, redirectUris: [...app.redirectUris, portal] } : app;
  return redeemCode(deps, open, request);
}

async function otherGrant(deps: Deps, { app, trialId }: Authenticated, request: TokenRequest): Promise<Grant> {
  if (request.grantType !== "refresh_token")
    throw new OAuthError("unsupported_grant_type", "Send grant_type=authorization_code, or refresh_token.");
  if (trialId !== undefined)
    throw new OAuthError("invalid_client", "The secret of a try exchanges the code of its own login and no more.");
  if (app.tokens !== "expiring")
    throw new OAuthError(
      "unsupported_grant_type",
      "The tokens of this app do not expire, so there is no refresh_token.",
    );
  return refreshGrant(deps, app, request);
}

/** Stops other sites' browsers, nothing else: a list of origins is no authentication. */
function requireAllowedOrigin(app: App, origin: string | undefined): void {
  if (app.allowedOrigins.length === 0) return;
  if (origin === undefined || !app.allowedOrigins.includes(origin))
    throw new OAuthError("origin_not_allowed", "The request must carry an Origin that the app lists.");
}
