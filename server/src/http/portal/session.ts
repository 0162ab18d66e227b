import type { Deps } from "../../deps.ts";
import { findSession } from "../../domain/login/sessions.ts";
import { portalCredential } from "../../domain/portal/portal-app.ts";
import { type Visitor, visitorOf } from "../../domain/portal/visitors.ts";
import { exchangeCode } from "../../domain/tokens/exchange-code.ts";
import { revokeToken } from "../../domain/tokens/revoke-token.ts";
import type { HttpContext } from "../context.ts";
import { clearCookie, readCookie, setCookie } from "../cookies.ts";

/** As long as a working day; the token behind it can be ended earlier by everything that ends tokens. */
const SESSION_SECONDS = 12 * 60 * 60;

interface Kept {
  token: string;
  since: number;
}

/**
 * The portal's own session: its access token, sealed in a cookie. What ends the token (deleting or disabling the user,
 * revoking, suspending the portal's app) ends the session at once.
 */
export async function findVisitor(c: HttpContext, deps: Deps): Promise<Visitor | undefined> {
  const kept = keptIn(c, deps);
  if (!kept || deps.now() >= kept.since + SESSION_SECONDS) return undefined;
  return visitorOf(deps, kept.token);
}

/** Trades the code that the login gave for the portal's token and keeps it. @throws {OAuthError} as any exchange does */
export async function openSession(c: HttpContext, deps: Deps, code: string, codeVerifier: string): Promise<void> {
  const { clientId, clientSecret, redirectUri } = portalCredential(deps);
  const { accessToken } = await exchangeCode(deps, {
    credential: { readings: [{ clientId, secret: clientSecret }], basic: false },
    grantType: "authorization_code",
    code,
    redirectUri,
    codeVerifier,
    refreshToken: undefined,
    scope: () => undefined,
    origin: undefined,
    strict: false,
  });
  const kept: Kept = { token: accessToken, since: deps.now() };
  setCookie(c, deps.config, "portal", deps.keys.seal("portal", kept, "session"));
}

/** Signs out here; the browser's session at the login host stays, as it does for every app. */
export async function closeSession(c: HttpContext, deps: Deps): Promise<void> {
  const kept = keptIn(c, deps);
  clearCookie(c, deps.config, "portal");
  if (!kept) return;
  const { clientId, clientSecret } = portalCredential(deps);
  await revokeToken(deps, { readings: [{ clientId, secret: clientSecret }], basic: false }, kept.token);
}

/** The browser's own session at the login host, for the page that lists sessions. */
export const loginSession = (c: HttpContext, deps: Deps) => findSession(deps, readCookie(c, deps.config, "session"));

const keptIn = (c: HttpContext, deps: Deps): Kept | undefined =>
  deps.keys.open("portal", readCookie(c, deps.config, "portal") ?? "", "session") as Kept | undefined;
