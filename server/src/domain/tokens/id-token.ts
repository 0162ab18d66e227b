import type { Deps } from "../../deps.ts";
import type { App } from "../../store/directory/apps.ts";
import type { CodeRecord } from "../../store/region/codes.ts";

const LIFETIME_SECONDS = 60 * 60;

/**
 * Who logged in, signed for one app (OpenID Connect Core §2). Names and e-mail are not in it: the scopes `profile`
 * and `email` are answered by userinfo (§5.4), so that nothing personal lies about in an app's logs.
 *
 * @param login  what is known of it: a refresh has neither its time nor its nonce (§12.2).
 */
export const signIdToken = (
  deps: Deps,
  app: App,
  login: Pick<CodeRecord, "userId"> & Partial<Pick<CodeRecord, "authenticatedAt" | "nonce">>,
  now: number,
): Promise<string> =>
  deps.signer.sign(app.idTokenSignedResponseAlg, {
    iss: deps.config.url,
    sub: String(login.userId),
    aud: app.clientId,
    iat: now,
    exp: now + LIFETIME_SECONDS,
    ...(login.authenticatedAt !== undefined && { auth_time: login.authenticatedAt }),
    ...(typeof login.nonce === "string" && { nonce: login.nonce }),
  });
