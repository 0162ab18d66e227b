import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { findAccountOf, findPerson } from "../../domain/demo/demo-api.ts";
import type { CheckedToken } from "../../domain/tokens/check-token.ts";
import { OAuthError } from "../../errors.ts";
import { readBearer } from "../bearer.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { allowOrigin, answerPreflight } from "../cors.ts";

/** Clients that end `apiEndPoint` with a slash of their own ask for `…/1//me.json`. */
const FILE = ":region{[A-Z][A-Z0-9]{1,15}}/:id{[1-9][0-9]{0,9}}/:file{/?(?:me|account)\\.json}";

/**
 * The company's API in the demo world, behind the `apiEndPoint` of the demo installations (wire section 9): step five of
 * the guide. An API of your own does the same with the guard of @latchkey/sdk.
 */
export function demoApiRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  // Teams' sandboxes have one too, wherever there are teams.
  for (const path of deps.config.demo ? [`/demo/${FILE}`, `/sandbox/${FILE}`] : [`/sandbox/${FILE}`]) serve(path);
  return routes;

  function serve(path: string): void {
    routes.options(path, (c) => answerPreflight(c, deps, "GET"));
    routes.get(path, async (c) => {
      c.header("cache-control", "no-store");
      const token = await readBearer(c, deps);
      allowOrigin(c, token instanceof Response ? undefined : token.app);
      if (token instanceof Response) return token;
      requireOwn(c, token, c.req.param("region") ?? "", c.req.param("id") ?? "");
      return c.json(
        (c.req.param("file") ?? "").endsWith("me.json")
          ? await presentPerson(deps, token)
          : await presentAccount(deps, token),
      );
    });
  }
}

/** A token opens one installation. @throws {OAuthError} `insufficient_scope`, 403 (RFC 6750 §3.1) */
function requireOwn(c: HttpContext, token: CheckedToken, region: string, id: string): void {
  if (token.region === region && String(token.installationId) === id) return;
  const description = "The token belongs to another installation.";
  c.header(
    "www-authenticate",
    `Bearer realm="Latchkey", error="insufficient_scope", error_description="${description}"`,
  );
  throw new OAuthError("insufficient_scope", description);
}

async function presentPerson(deps: Deps, token: CheckedToken) {
  const person = await findPerson(deps, token);
  if (!person) throw gone();
  const { userId: id, firstName, lastName, email, avatar, role, company } = person;
  return { status: "ok", person: { id, firstName, lastName, email, avatar, role, company }, scopes: token.scopes };
}

async function presentAccount(deps: Deps, token: CheckedToken) {
  const account = await findAccountOf(deps, token);
  if (!account) throw gone();
  const { installationId: id, name, url, logo, projectsEnabled, deskEnabled, chatEnabled, company } = account;
  const { region } = token;
  return {
    status: "ok",
    account: { id, name, region, url, logo, projectsEnabled, deskEnabled, chatEnabled, company },
  };
}

/** Deleted between the check of the token and this read. */
const gone = () => new OAuthError("invalid_token", "The token is not active.");
