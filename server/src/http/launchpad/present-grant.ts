import type { Grant } from "../../domain/tokens/grant.ts";

/** The answer of the token endpoint, field by field (wire section 4; RFC 6749 §5.1). */
export function presentGrant({ region, installation, user, scopes, ...grant }: Grant) {
  return {
    access_token: grant.accessToken,
    token_type: "Bearer",
    status: "ok",
    scope: scopes.join(" "),
    ...(grant.expiresInSeconds !== undefined && { expires_in: grant.expiresInSeconds }),
    ...(grant.refreshToken !== undefined && { refresh_token: grant.refreshToken }),
    ...(grant.idToken !== undefined && { id_token: grant.idToken }),
    installation: {
      id: installation.id,
      name: installation.name,
      region,
      url: installation.url,
      apiEndPoint: installation.apiEndPoint,
      logo: installation.logo,
      loginStartText: installation.loginStartText,
      projectsEnabled: installation.projectsEnabled,
      deskEnabled: installation.deskEnabled,
      chatEnabled: installation.chatEnabled,
      company: installation.company,
    },
    user: {
      id: user.id,
      firstName: user.firstName,
      lastName: user.lastName,
      email: user.email,
      avatar: user.avatar,
      company: user.company,
    },
  };
}
