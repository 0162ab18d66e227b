import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { portalCredential } from "../../domain/portal/portal-app.ts";
import * as words from "../../pages/errors/words.ts";
import { loginUrl, readCallback, startLogin } from "../app-side-login.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { browserId, requireSameOrigin } from "../csrf.ts";
import { showError } from "../error-page.ts";
import { readQuery } from "../query.ts";
import { closeSession, openSession } from "./session.ts";

const HOME = "/portal";

/** The portal logs in by the flow that it documents: the three steps of any app. */
export function portalLoginRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();

  routes.get("/portal/login", (c) => {
    const query = readQuery(c);
    const started = startLogin(deps, browserId(c, deps), ownPath(query.get("to")));
    const asked = query.get("as") === "another" ? "&prompt=select_account" : "";
    return c.redirect(loginUrl(deps, portalCredential(deps), started) + asked, 302);
  });

  routes.get("/portal/callback", async (c) => {
    const callback = readCallback(deps, browserId(c, deps), readQuery(c));
    if ("problem" in callback) return refused(c, callback.problem);
    await openSession(c, deps, callback.code, callback.login.codeVerifier);
    return c.redirect(ownPath(callback.login.to), 303);
  });

  routes.post("/portal/logout", async (c) => {
    requireSameOrigin(c, deps);
    await closeSession(c, deps);
    return c.redirect("/logged-out", 303);
  });

  return routes;
}

/** Where to go afterwards: one of our own pages, whatever was asked for. */
const ownPath = (path: string | undefined): string =>
  path !== undefined && /^\/(?:portal|account|operator)(?:\/[\w./-]*)?(?:\?done=[a-z-]{1,20})?$/.test(path)
    ? path
    : HOME;

const refused = (c: HttpContext, problem: string) =>
  showError(c, 400, words.portalLoginFailed(problem), { again: { href: "/portal/login", label: "Sign in again" } });
