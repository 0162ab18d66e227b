import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { checkRequest, type Door, type Refusal, type SentRequest } from "../../domain/login/authorization-request.ts";
import { startLogin } from "../../domain/login/login.ts";
import { nextStep } from "../../domain/login/next-step.ts";
import { returnUri } from "../../domain/login/return-uri.ts";
import { findSession } from "../../domain/login/sessions.ts";
import { beginTrialLogin, trialRedirectUri } from "../../domain/trials/trial-login.ts";
import * as words from "../../pages/errors/words.ts";
import { statedTo } from "../app-side-login.ts";
import { readFormText } from "../body.ts";
import { requestHost } from "../client-address.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { readCookie } from "../cookies.ts";
import { browserId } from "../csrf.ts";
import { showError } from "../error-page.ts";
import { noteRefusal, noteStep } from "./note.ts";
import { readSentRequest } from "./read-request.ts";
import { returnToApp, showStep } from "./show-step.ts";

/** Step one of the guide: the app sends its user here (wire section 1; RFC 6749 §4.1.1). */
export function startRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  // A POST comes from the app's site, and without our cookies. It does no more than GET: it shows a page.
  for (const path of ["/launchpad/login", "/launchpad/login/"])
    routes.on(["GET", "POST"], path, (c) => start(c, deps, "launchpad"));
  routes.get("/oauth2/authorize", (c) => start(c, deps, "oauth"));
  // Here the parameters come in the body (OpenID Connect Core §3.1.2.1); asked again by GET, our cookies come along.
  routes.post("/oauth2/authorize", async (c) =>
    c.redirect(`/oauth2/authorize?${inAddress(await readFormText(c))}`, 303),
  );
  return routes;
}

/** A body may hold, unencoded, what would end a query or what no header carries. */
const inAddress = (form: string) => form.replace(/[^!-~]|#/gu, encodeURIComponent);

async function start(c: HttpContext, deps: Deps, door: Door): Promise<Response> {
  const { sent, repeated } = readSentRequest(c, door);
  if (repeated !== undefined) return showError(c, 400, words.repeatedParameter(repeated));
  const checked = checkRequest(deps, sent, await trialOf(c, deps, sent));
  if (checked.outcome === "refused") {
    noteRefusal(c, deps, sent.clientId?.trim() ?? "", checked.refusal);
    return showError(c, 400, refusalWords(checked.refusal));
  }
  if (checked.outcome === "returned") {
    const { app, redirectUri, state, error } = checked;
    const to = { redirectUri, state, clientId: app.clientId, issuer: deps.config.url };
    const uri = returnUri(to, { error: error.code, description: error.description });
    noteRefusal(c, deps, app.clientId, error.code);
    return returnToApp(c, app, uri, true);
  }
  const { app, request } = checked;
  const login = startLogin(deps, request, browserId(c, deps), hostHint(c, deps));
  noteStep(c, deps, login, { step: "start", outcome: "ok", ...(request.trialId && { detail: "Try it" }) });
  const session = await findSession(deps, readCookie(c, deps.config, "session"));
  return showStep(c, deps, app, await nextStep(deps, app, login, session), session);
}

/** A login that the portal lets begin ("Try it"): its bundle rides in `state`. */
async function trialOf(c: HttpContext, deps: Deps, sent: SentRequest): Promise<string | undefined> {
  if (sent.redirectUri !== trialRedirectUri(deps)) return undefined;
  const browser = readCookie(c, deps.config, "browser");
  return beginTrialLogin(deps, statedTo(sent.state ?? ""), browser, sent.clientId?.trim() ?? "");
}

/** Who comes in under an installation's own host means that installation. */
function hostHint(c: HttpContext, deps: Deps): string | undefined {
  const host = requestHost(c, deps.config);
  return host === new URL(deps.config.url).host ? undefined : host;
}

export function refusalWords(refusal: Refusal): words.ErrorWords {
  switch (refusal.why) {
    case "missing_client_id":
      return words.missingClientId();
    case "unknown_client":
      return words.unknownClient(refusal.clientId);
    case "suspended":
      return words.appSuspended(refusal.appName);
    case "missing_redirect_uri":
      return words.missingRedirectUri();
    case "redirect_uri":
      return words.redirectUriNotRegistered(refusal.received, refusal.registered);
    case "trial_over":
      return words.trialOver();
    case "state_too_long":
      return words.stateTooLong(refusal.bytes);
  }
}
