import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import type { CheckedToken } from "../../domain/tokens/check-token.ts";
import { introspectToken } from "../../domain/tokens/introspect.ts";
import { revokeToken } from "../../domain/tokens/revoke-token.ts";
import { OAuthError } from "../../errors.ts";
import { challengingBasic, readAppCredential } from "../app-credential.ts";
import { type BodyFields, readForm } from "../body.ts";
import type { HttpEnv } from "../context.ts";
import { allowOrigin, answerPreflight } from "../cors.ts";

/** What one may ask about a token, and how one ends it. */
export function tokenStateRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();

  routes.post("/oauth2/introspect", async (c) => {
    const form = await readForm(c);
    const token = await challengingBasic(c, () =>
      introspectToken(deps, readAppCredential(c, form), requireToken(form), c.get("requestId")),
    );
    return c.json(token ? presentActive(token) : { active: false });
  });

  routes.options("/oauth2/revoke", (c) => answerPreflight(c, deps, "POST"));
  routes.post("/oauth2/revoke", async (c) => {
    allowOrigin(c, undefined);
    const form = await readForm(c);
    await challengingBasic(c, async () => {
      const credential = readAppCredential(c, form);
      for (const { clientId } of credential.readings) allowOrigin(c, deps.apps.find(clientId));
      await revokeToken(deps, credential, requireToken(form));
    });
    return c.body(null, 200);
  });

  return routes;
}

/** RFC 7662 §2.2. */
const presentActive = (token: CheckedToken) => ({
  active: true,
  token_type: "Bearer",
  client_id: token.clientId,
  sub: String(token.userId),
  user_id: token.userId,
  installation_id: token.installationId,
  region: token.region,
  scope: token.scopes.join(" "),
  iat: token.issuedAt,
  exp: token.expiresAt ?? undefined, // JSON leaves it out
});

function requireToken(form: BodyFields): string {
  const token = form.text("token");
  if (token === undefined || token === "") throw new OAuthError("invalid_request", "The token is missing.");
  return token;
}
