import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { invitedTo, type OpenLink, openLink } from "../../domain/accounts/links.ts";
import { setPassword } from "../../domain/accounts/set-password.ts";
import { confirmLinkPage, deadLinkPage, newPasswordPage, passwordSavedPage } from "../../pages/login/link.ts";
import { type BodyFields, readForm } from "../body.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { formToken, requireFormToken, requireSameOrigin } from "../csrf.ts";
import { readQuery } from "../query.ts";
import { carriedLogin, continueHref } from "./carried-login.ts";

const SAVED_PATH = "/login/password-saved";

function savedHref(request: string | undefined, partly: boolean): string {
  const query = new URLSearchParams({ ...(request !== undefined && { request }), ...(partly && { partly: "1" }) });
  return query.size === 0 ? SAVED_PATH : `${SAVED_PATH}?${query}`;
}

/**
 * The links that mails carry: `/login/link/EU.<secret>`. Opening one changes nothing and tells nothing personal, because
 * scanners and previews open links too; the button does. The link is spent only when the password is saved.
 */
export function linkRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();

  const formTo = (c: HttpContext, action: string, request: string | undefined) => ({
    action,
    hidden: { form_token: formToken(c, deps), ...(request !== undefined && { request }) },
  });

  /**
   * One page, byte for byte, for a link that is unknown, malformed, used or expired. It speaks as of a forgotten password
   * because that is what helps in every case: a new link can be had there also by who let an invitation expire.
   */
  const deadLink = (c: HttpContext) =>
    c.html(deadLinkPage({ kind: "password_reset", againHref: "/login/forgot-password" }), 410);

  /** The account has a password by now: "if you have chosen one already, just sign in". */
  const acceptedBefore = (c: HttpContext) => c.html(deadLinkPage({ kind: "invitation" }), 410);

  const newPassword = async (
    c: HttpContext,
    link: OpenLink,
    request: string | undefined,
    problems?: { password: string },
  ) =>
    newPasswordPage({
      kind: link.kind,
      form: formTo(c, `/login/link/${c.req.param("link")}/password`, request),
      email: link.email,
      installationName: await invitedTo(deps, link),
      problems,
      address: addressOf(c, request),
    });

  /** The link itself again, with the login it carries along. */
  const addressOf = (c: HttpContext, request: string | undefined) =>
    `/login/link/${c.req.param("link")}${request === undefined ? "" : `?request=${request}`}`;

  async function readOwnForm(c: HttpContext): Promise<BodyFields> {
    requireSameOrigin(c, deps);
    const form = await readForm(c);
    requireFormToken(c, deps, form);
    return form;
  }

  routes.get("/login/link/:link", async (c) => {
    const link = await openLink(deps, c.req.param("link"));
    if (!link) return deadLink(c);
    const form = formTo(c, `/login/link/${c.req.param("link")}`, carriedLogin(c, deps, readQuery(c).get("request")));
    return c.html(confirmLinkPage({ kind: link.kind, form }));
  });

  routes.post("/login/link/:link", async (c) => {
    const form = await readOwnForm(c);
    const link = await openLink(deps, c.req.param("link"));
    if (!link) return deadLink(c);
    if (link.kind === "invitation" && link.hasPassword) return acceptedBefore(c);
    return c.html(await newPassword(c, link, carriedLogin(c, deps, form.text("request"))));
  });

  routes.post("/login/link/:link/password", async (c) => {
    const form = await readOwnForm(c);
    const link = await openLink(deps, c.req.param("link"));
    if (!link) return deadLink(c);
    const request = carriedLogin(c, deps, form.text("request"));
    const setting = await setPassword(deps, link, form.text("password") ?? "");
    switch (setting.outcome) {
      case "deadLink":
        return deadLink(c);
      case "refused":
        return c.html(await newPassword(c, link, request, setting.problems), 422);
      case "alreadyAccepted":
        return acceptedBefore(c);
      case "saved":
        return c.redirect(savedHref(request, setting.unavailableRegions.length > 0), 303);
    }
  });

  routes.get(SAVED_PATH, (c) => {
    const request = carriedLogin(c, deps, readQuery(c).get("request"));
    const partly = readQuery(c).has("partly");
    return c.html(passwordSavedPage({ continueHref: continueHref(request), partly }));
  });

  return routes;
}
