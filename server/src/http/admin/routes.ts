import { Hono, type MiddlewareHandler } from "hono";
import type { Deps } from "../../deps.ts";
import { hashSecret, sameText } from "../../secrets.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { headerOf } from "../headers.ts";
import { apiCredentials } from "./api-credentials.ts";
import { appReviews } from "./app-reviews.ts";
import { appSecrets } from "./app-secrets.ts";
import { apps } from "./apps.ts";
import { audit } from "./audit.ts";
import type { AnyCollection } from "./collection.ts";
import { handlersOf } from "./handlers.ts";
import { installations } from "./installations.ts";
import { movePaths, moveRoutes } from "./moves.ts";
import { openApi } from "./openapi.ts";
import { Problem, presentProblem } from "./problems.ts";
import { regions } from "./regions.ts";
import { scopes } from "./scopes.ts";
import { tokens } from "./tokens.ts";
import { users } from "./users.ts";

const BASE = "/admin/v1";

/** Everything an operator can see and change. */
const COLLECTIONS: readonly AnyCollection[] = [
  apps,
  appSecrets,
  appReviews,
  regions,
  installations,
  users,
  tokens,
  apiCredentials,
  scopes,
  audit,
];

/** The operator's API (wire section 8): all of its routes and its OpenAPI document, from one table. */
export function adminRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  routes.use(`${BASE}/*`, requireOperator(deps.config.adminToken));
  for (const collection of COLLECTIONS) mount(routes, deps, collection);
  routes.route("/", moveRoutes(deps, BASE, answering));
  const document = openApi(BASE, COLLECTIONS, movePaths());
  routes.get(`${BASE}/openapi.json`, (c) => c.json(document));
  return routes;
}

function mount(routes: Hono<HttpEnv>, deps: Deps, collection: AnyCollection): void {
  const { list, create, get, change, remove } = handlersOf(deps, collection);
  const path = BASE + collection.path.replaceAll(/\{(\w+)\}/g, ":$1");
  routes.get(path, answering(list));
  if (collection.create) routes.post(path, answering(create));
  if (collection.member === undefined) return;
  // A scope's name may hold slashes.
  const member = `${path}/:${collection.member}${collection.key === "name" ? "{.+}" : ""}`;
  if (collection.find) routes.get(member, answering(get));
  if (collection.change) routes.patch(member, answering(change));
  if (collection.remove) routes.delete(member, answering(remove));
}

const answering = (work: (c: HttpContext) => Promise<Response>) => async (c: HttpContext) => {
  try {
    return await work(c);
  } catch (error) {
    if (error instanceof Problem) return presentProblem(c, error);
    throw error;
  }
};

/** Compared as hashes, so that the time tells not even the token's length. */
function requireOperator(adminToken: string): MiddlewareHandler<HttpEnv> {
  const expected = hashSecret(adminToken);
  return async (c, next) => {
    const [, token] = /^Bearer +([\x21-\x7e]+)$/i.exec(headerOf(c, "authorization") ?? "") ?? [];
    if (token !== undefined && sameText(hashSecret(token), expected)) return next();
    const challenge = token === undefined ? "Bearer" : 'Bearer error="invalid_token"';
    return presentProblem(
      c,
      new Problem(401, "Send Authorization: Bearer with the operator's token.", {
        headers: { "www-authenticate": challenge },
      }),
    );
  };
}
