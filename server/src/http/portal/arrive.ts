import type { Deps } from "../../deps.ts";
import { authenticate } from "../../domain/login/authenticate.ts";
import { sessionCookieAge } from "../../domain/login/sessions.ts";
import { portalCredential } from "../../domain/portal/portal-app.ts";
import { addressKey } from "../client-address.ts";
import type { HttpContext } from "../context.ts";
import { setCookie } from "../cookies.ts";
import { headerOf } from "../headers.ts";
import { loginSession } from "./session.ts";

/**
 * Signs in whoever has just made an account, by the password that they typed and by no other right: a form that is sent
 * again, by whomever, is a sign-in like all others.
 *
 * @returns false when the password is not that of the account.
 */
export async function signInByForm(
  c: HttpContext,
  deps: Deps,
  { email, password }: { email: string; password: string },
): Promise<boolean> {
  const result = await authenticate(deps, {
    ...{ email, password, remember: false },
    address: addressKey(c.get("address")),
    userAgent: headerOf(c, "user-agent") ?? "",
    replaces: await loginSession(c, deps),
    clientId: portalCredential(deps).clientId,
  });
  if (result.signedIn) setCookie(c, deps.config, "session", result.cookie, sessionCookieAge(false));
  return result.signedIn;
}

/** Through the portal's own login to one of its pages. */
export const loginPathTo = (page: string): string => `/portal/login?to=${encodeURIComponent(page)}`;
