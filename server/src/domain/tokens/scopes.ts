import type { App } from "../../store/directory/apps.ts";

/** Scopes of OpenID Connect Core §5.4 that need no registration; what is not here is the company's own. */
export const OPENID_SCOPES = ["openid", "profile", "email"] as const;

export const isOpenId = (scope: string) => (OPENID_SCOPES as readonly string[]).includes(scope);

/**
 * What a login grants: the app's own scopes, narrowed to those asked for when at least one of them was;
 * `openid`, `profile` and `email` are added when asked for, or when the app lists them and nothing was asked for.
 *
 * @example grantedScopes(app with ["projects","desk"], [])                  // ["projects", "desk"]
 * @example grantedScopes(app with ["projects","desk"], ["desk", "openid"])  // ["desk", "openid"]
 */
export function grantedScopes(app: Pick<App, "scopes">, asked: readonly string[]): string[] {
  const own = app.scopes.filter((scope) => !isOpenId(scope));
  const wanted = own.filter((scope) => asked.includes(scope));
  const openid = OPENID_SCOPES.filter((scope) => (asked.length > 0 ? asked : app.scopes).includes(scope));
  return [...(wanted.length > 0 ? wanted : own), ...openid];
}

/** Those asked for that the app may not have (RFC 6749 §4.1.2.1 `invalid_scope`). */
export const unknownScopes = (app: Pick<App, "scopes">, asked: readonly string[]): string[] =>
  asked.filter((scope) => !app.scopes.includes(scope) && !isOpenId(scope));

/** Scope values are separated by spaces (RFC 6749 §3.3); some clients use commas. */
export const readScopes = (text: string | undefined, separator: RegExp): string[] => [
  ...new Set((text ?? "").split(separator).filter((scope) => scope !== "")),
];
