import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { requestPasswordReset } from "../../domain/accounts/password-reset.ts";
import { forgotPasswordPage, forgotPasswordSentPage } from "../../pages/login/forgot-password.ts";
import { readForm } from "../body.ts";
import { addressKey } from "../client-address.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { formToken, requireFormToken, requireSameOrigin } from "../csrf.ts";
import { readQuery } from "../query.ts";
import { carriedEmail, carriedLogin, continueHref } from "./carried-login.ts";

const PATH = "/login/forgot-password";

/** Asking for a link to choose a new password. Nothing here tells whether an e-mail has an account. */
export function forgotPasswordRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();

  const form = (c: HttpContext, email: string, request: string | undefined, problems?: { email: string }) =>
    forgotPasswordPage({
      form: { action: PATH, hidden: { form_token: formToken(c, deps), ...(request !== undefined && { request }) } },
      email,
      problems,
      backHref: continueHref(request),
      address: problems && (request === undefined ? PATH : `${PATH}?request=${request}`),
    });

  routes.get(PATH, (c) => {
    const query = readQuery(c);
    const request = carriedLogin(c, deps, query.get("request"));
    return c.html(form(c, query.get("email") ?? carriedEmail(c, deps, request) ?? "", request));
  });

  routes.post(PATH, async (c) => {
    requireSameOrigin(c, deps);
    const sent = await readForm(c);
    requireFormToken(c, deps, sent);
    const email = (sent.text("email") ?? "").trim();
    const request = carriedLogin(c, deps, sent.text("request"));
    const refused = await requestPasswordReset(deps, {
      email,
      address: addressKey(c.get("address")),
      linkQuery: request === undefined ? "" : `?request=${request}`,
    });
    if (refused) return c.html(form(c, email, request, refused.problems), 422);
    // The e-mail goes along sealed: an address stays in histories, and no link of ours may put words on our page.
    return c.redirect(`${PATH}/sent?to=${deps.keys.seal("form", email, PATH)}`, 303);
  });

  routes.get(`${PATH}/sent`, (c) => {
    const email = deps.keys.open("form", readQuery(c).get("to") ?? "", PATH);
    return typeof email === "string" ? c.html(forgotPasswordSentPage({ email })) : c.redirect(PATH, 303);
  });

  // Where password managers send people (W3C, "A Well-Known URL for Changing Passwords").
  routes.get("/.well-known/change-password", (c) => c.redirect(PATH, 302));

  return routes;
}
