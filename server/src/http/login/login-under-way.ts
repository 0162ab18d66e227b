import type { Deps } from "../../deps.ts";
import type { App } from "../../domain/apps/registry.ts";
import { usableApp } from "../../domain/login/authorization-request.ts";
import { type Login, openLogin, sealLogin, withHint } from "../../domain/login/login.ts";
import * as words from "../../pages/errors/words.ts";
import { expiredPage } from "../../pages/login/expired.ts";
import { type BodyFields, NO_FIELDS, readForm } from "../body.ts";
import type { HttpContext } from "../context.ts";
import { readCookie } from "../cookies.ts";
import { showError } from "../error-page.ts";
import { LOGIN_CSP } from "../headers.ts";
import { continueHref } from "./carried-login.ts";
import { appCard } from "./show-step.ts";
import { refusalWords } from "./start.ts";

type Answered = Response | Promise<Response>;

/**
 * Opens the login that a page carries and goes on with it; or shows why it cannot go on. `sealed` comes from the form's
 * field `request` unless it is given.
 */
export async function continueLogin(
  c: HttpContext,
  deps: Deps,
  goOn: (app: App, login: Login, fields: BodyFields) => Answered,
  sealed?: string,
): Promise<Response> {
  const fields = sealed === undefined && c.req.method === "POST" ? await readForm(c) : NO_FIELDS;
  const browser = readCookie(c, deps.config, "browser");
  const opened = openLogin(deps, sealed ?? fields.text("request"), browser);
  if (opened.state === "broken")
    return showError(c, 400, words.malformedRequest("The page was changed on its way, or is of another server."));
  const app = appOf(c, deps, opened.login);
  if (app instanceof Response) return app;
  if (opened.state === "usable") return goOn(app, opened.login, fields);
  if (browser === undefined && opened.state === "foreign") return showError(c, 400, words.cookiesBlocked());
  if (opened.login.request.trialId !== undefined) return showError(c, 400, words.trialOver());
  return showExpired(c, deps, app, opened.login, fields.text("email"));
}

/** Opens a login of any age and browser, to begin it anew: no more than following the app's link once more. */
export async function restartLogin(c: HttpContext, deps: Deps, begin: (login: Login) => Answered): Promise<Response> {
  const opened = openLogin(deps, (await readForm(c)).text("request"), undefined);
  if (opened.state === "broken") return showError(c, 400, words.malformedRequest());
  // A developer's try was let begin once, in one browser.
  if (opened.login.request.trialId !== undefined) return showError(c, 400, words.trialOver());
  const app = appOf(c, deps, opened.login);
  return app instanceof Response ? app : begin(opened.login);
}

/** The app may have been suspended, or lost this redirect URI, while the page was open. */
function appOf(c: HttpContext, deps: Deps, { request }: Login): App | Response {
  const found = usableApp(deps, request.clientId, request.redirectUri, request.trialId);
  return "why" in found ? showError(c, 400, refusalWords(found)) : found;
}

function showExpired(c: HttpContext, deps: Deps, app: App, login: Login, email: string | undefined): Answered {
  const request = sealLogin(deps, email ? withHint(login, email) : login);
  const form = { action: "/login/restart", hidden: { request } };
  c.header("content-security-policy", LOGIN_CSP); // who is signed in goes on from here to the app
  return c.html(
    expiredPage({
      app: appCard(deps, app, login.request.redirectUri),
      form,
      method: "post",
      address: continueHref(request),
    }),
    400,
  );
}
