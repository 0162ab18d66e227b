import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import type { CheckedToken } from "../../domain/tokens/check-token.ts";
import { readBearer } from "../bearer.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { allowOrigin, answerPreflight } from "../cors.ts";

/** Step five of the guide, at the login host itself: whose token is this (wire section 5). */
export function userinfoRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();

  const door = (path: string, methods: ("GET" | "POST")[], present: (token: CheckedToken) => object) => {
    routes.options(path, (c) => answerPreflight(c, deps, methods.join(", ")));
    routes.on(methods, path, async (c) => {
      const token = await bearerOf(c, deps);
      return token instanceof Response ? token : c.json(present(token));
    });
  };

  door("/launchpad/v1/userinfo.json", ["GET"], presentUserinfo);
  door("/oauth2/userinfo", ["GET", "POST"], presentClaims); // OpenID Connect Core §5.3.1

  /** Forward-auth for proxies: they copy the headers to the request they let through. */
  routes.get("/verify", async (c) => {
    const token = await readBearer(c, deps);
    if (token instanceof Response) return token;
    return c.body(null, 200, {
      "cache-control": "no-store",
      "x-login-user": String(token.userId),
      "x-login-installation": String(token.installationId),
      "x-login-region": token.region,
      "x-login-app": token.clientId,
      "x-login-scope": token.scopes.join(" "),
    });
  });

  return routes;
}

async function bearerOf(c: HttpContext, deps: Deps): Promise<CheckedToken | Response> {
  const token = await readBearer(c, deps);
  allowOrigin(c, token instanceof Response ? undefined : token.app);
  return token;
}

const presentUserinfo = (token: CheckedToken) => ({
  sub: String(token.userId),
  user_id: token.userId,
  id: token.userId,
  installation_id: token.installationId,
  region: token.region,
  awsRegion: token.region,
  url: token.url.replace(/\/$/, ""),
  apiEndPoint: token.apiEndPoint,
  client_id: token.clientId,
  email: token.email,
  firstName: token.firstName,
  lastName: token.lastName,
  meta: { scopes: token.scopes },
});

/** The claims that the token's scopes ask for (OpenID Connect Core §5.4). */
const presentClaims = (token: CheckedToken) => ({
  sub: String(token.userId),
  ...(token.scopes.includes("profile") && {
    name: `${token.firstName} ${token.lastName}`.trim(),
    given_name: token.firstName,
    family_name: token.lastName,
  }),
  ...(token.scopes.includes("email") && { email: token.email }),
});
