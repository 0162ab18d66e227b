import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { notingExchange } from "../../domain/timeline/note-exchange.ts";
import { exchangeCode } from "../../domain/tokens/exchange-code.ts";
import { challengingBasic } from "../app-credential.ts";
import { type BodyFields, readBody, readForm } from "../body.ts";
import { addressKey } from "../client-address.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { allowOrigin, answerPreflight } from "../cors.ts";
import { presentGrant } from "./present-grant.ts";
import { readTokenRequest } from "./read-token-request.ts";

/** Step four of the guide: an app trades an authorization code for an access token (RFC 6749 §4.1.3). */
export function tokenRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const budget = deps.exchangeBudget;

  const door = (path: string, read: (c: HttpContext) => Promise<BodyFields>, strict: boolean) => {
    routes.options(path, (c) => answerPreflight(c, deps, "POST"));
    routes.post(path, (c) => {
      const address = addressKey(c.get("address"));
      return budget.counting(deps, address, () =>
        challengingBasic(c, async () => {
          allowOrigin(c, undefined); // no cache may give one origin's answer to another, whatever is wrong with the body
          const body = await read(c);
          allowOrigin(c, deps.apps.find(body.text("client_id")?.trim() ?? ""));
          const request = readTokenRequest(c, body, strict);
          for (const { clientId } of request.credential.readings) allowOrigin(c, deps.apps.find(clientId));
          budget.requireSome(deps, address); // after CORS, or a script could not read why it must wait
          const grant = await notingExchange(deps, request, c.get("requestId"), () => exchangeCode(deps, request));
          c.header("pragma", "no-cache"); // with `no-store`, which every answer has (RFC 6749 §5.1)
          return c.json(presentGrant(grant));
        }),
      );
    });
  };

  door("/launchpad/v1/token.json", readBody, false);
  door("/launchpad/v1/token", readBody, false);
  door("/oauth2/token", readForm, true);
  return routes;
}
