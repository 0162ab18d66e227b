import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { endSession, findSession } from "../../domain/login/sessions.ts";
import { homePage } from "../../pages/login/home.ts";
import { signedOutPage } from "../../pages/login/signed-out.ts";
import type { HttpEnv } from "../context.ts";
import { clearCookie, readCookie } from "../cookies.ts";
import { requireSameOrigin } from "../csrf.ts";

/** The browser's session at the login host: who is signed in, and signing out. */
export function sessionRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();

  routes.get("/", async (c) => {
    const session = await findSession(deps, readCookie(c, deps.config, "session"));
    const demo = deps.config.demo ? { appHref: "/demo/app", outboxHref: "/dev/outbox" } : undefined;
    return c.html(
      homePage({
        ...(session && {
          email: session.email,
          signOutForm: { action: "/logout", hidden: {} },
          accountHref: "/account",
        }),
        demo,
      }),
    );
  });

  // No form token: the cookie is SameSite=Lax, and the worst a forged sign-out does is a sign-in.
  routes.post("/logout", async (c) => {
    requireSameOrigin(c, deps);
    const session = await findSession(deps, readCookie(c, deps.config, "session"));
    if (session) await endSession(session);
    clearCookie(c, deps.config, "session");
    return c.redirect("/logged-out", 303);
  });

  routes.get("/logged-out", (c) => c.html(signedOutPage()));

  return routes;
}
