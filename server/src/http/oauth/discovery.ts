import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { OPENID_SCOPES } from "../../domain/tokens/scopes.ts";
import type { HttpEnv } from "../context.ts";

const CACHE = "public, max-age=300";

/** What this server can do, for programs (RFC 8414; OpenID Connect Discovery §3), and the keys of its id_tokens. */
export function discoveryRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const metadata = () => {
    const { url } = deps.config;
    return {
      issuer: url,
      authorization_endpoint: `${url}/oauth2/authorize`,
      token_endpoint: `${url}/oauth2/token`,
      userinfo_endpoint: `${url}/oauth2/userinfo`,
      introspection_endpoint: `${url}/oauth2/introspect`,
      revocation_endpoint: `${url}/oauth2/revoke`,
      jwks_uri: `${url}/oauth2/jwks`,
      scopes_supported: [...OPENID_SCOPES, ...deps.apps.scopes().keys()],
      response_types_supported: ["code"],
      response_modes_supported: ["query"],
      grant_types_supported: ["authorization_code", "refresh_token"],
      token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic", "none"],
      introspection_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
      revocation_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic", "none"],
      code_challenge_methods_supported: ["S256"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["ES256", "RS256"],
      claims_supported: [
        "sub",
        "iss",
        "aud",
        "iat",
        "exp",
        "auth_time",
        "nonce",
        "name",
        "given_name",
        "family_name",
        "email",
      ],
      prompt_values_supported: ["none", "login", "consent", "select_account"],
      authorization_response_iss_parameter_supported: true,
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
      claims_parameter_supported: false,
    };
  };
  for (const path of ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"])
    routes.get(path, (c) => c.json(metadata(), 200, { "cache-control": CACHE, "access-control-allow-origin": "*" }));
  routes.get("/oauth2/jwks", (c) =>
    c.json(deps.signer.jwks, 200, { "cache-control": CACHE, "access-control-allow-origin": "*" }),
  );
  return routes;
}
