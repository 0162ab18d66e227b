import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { authenticate } from "../../domain/login/authenticate.ts";
import { minutes } from "../../domain/login/failure-budgets.ts";
import { type Login, sealLogin, signedIn, startLogin } from "../../domain/login/login.ts";
import { decide, nextStep } from "../../domain/login/next-step.ts";
import { endSession, findSession, type Session, sessionCookieAge } from "../../domain/login/sessions.ts";
import type { BodyFields } from "../body.ts";
import { addressKey } from "../client-address.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { clearCookie, readCookie, setCookie } from "../cookies.ts";
import { browserId, requireSameOrigin } from "../csrf.ts";
import { headerOf } from "../headers.ts";
import { readQuery } from "../query.ts";
import { rememberPlace } from "./last-place.ts";
import { continueLogin, restartLogin } from "./login-under-way.ts";
import { noteStep } from "./note.ts";
import { followStep, showSignIn, showStep } from "./show-step.ts";

/** Step two of the guide: the pages between the app's request and its answer (wire section 2). */
export function stepRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const sessionOf = (c: HttpContext) => findSession(deps, readCookie(c, deps.config, "session"));

  /** A form of a login's page: sent from this site, in the browser it was shown in, not too long ago. */
  const form = (path: string, handle: (c: HttpContext, step: FormStep) => Response | Promise<Response>) =>
    routes.post(path, async (c) => {
      requireSameOrigin(c, deps);
      return continueLogin(c, deps, async (app, login, fields) =>
        handle(c, { app, login, fields, session: await sessionOf(c) }),
      );
    });

  routes.get("/login/continue", async (c) => {
    return continueLogin(
      c,
      deps,
      async (app, login) => {
        const session = await sessionOf(c);
        return showStep(c, deps, app, await nextStep(deps, app, login, session), session);
      },
      readQuery(c).get("request"),
    );
  });

  /** The account picker and the chooser. */
  form("/login/continue", async (c, { app, login, fields, session }) => {
    const installation = fields.text("installation");
    const chosen: Login = {
      ...login,
      ...(session && { accountId: session.accountId }),
      ...(installation !== undefined && { installation }),
    };
    if (installation !== undefined) noteStep(c, deps, chosen, { step: "choose", outcome: "ok" });
    const step = await nextStep(deps, app, chosen, session);
    if (installation !== undefined && (step.kind === "consent" || step.kind === "return"))
      rememberPlace(c, deps, installation);
    return followStep(c, deps, app, step);
  });

  form("/login/sign-in", async (c, { app, login, fields, session }) => {
    const email = (fields.text("email") ?? "").trim();
    const password = fields.text("password") ?? "";
    const remember = fields.has("remember");
    const problems = missing(email, password);
    if (problems) return showSignIn(c, deps, app, login, { email, remember, problems }, 422);
    const address = addressKey(c.get("address"));
    const userAgent = headerOf(c, "user-agent") ?? "";
    const result = await authenticate(deps, {
      ...{ email, password, remember, address, userAgent },
      replaces: session,
      clientId: app.clientId,
    });
    if (!result.signedIn) {
      const { blockedSeconds } = result;
      if (blockedSeconds > 0) c.header("retry-after", String(blockedSeconds));
      noteStep(c, deps, login, { step: "sign_in", outcome: blockedSeconds > 0 ? "slow_down" : "wrong_credentials" });
      const again = { email, remember, problems: { form: blockedSeconds > 0 ? blocked(blockedSeconds) : WRONG } };
      return showSignIn(c, deps, app, login, again, blockedSeconds > 0 ? 429 : 422);
    }
    setCookie(c, deps.config, "session", result.cookie, sessionCookieAge(remember));
    const { session: fresh, known } = result;
    noteStep(c, deps, login, { step: "sign_in", outcome: "ok", detail: "password" });
    return followStep(c, deps, app, await nextStep(deps, app, signedIn(login, fresh.sessionHash), fresh, known));
  });

  form("/login/consent", async (c, { app, login, fields, session }) => {
    const decision = fields.text("decision");
    if (decision !== "allow" && decision !== "deny")
      return followStep(c, deps, app, await nextStep(deps, app, login, session));
    if (decision === "allow") noteStep(c, deps, login, { step: "consent", outcome: "ok" });
    return followStep(c, deps, app, await decide(deps, app, login, session, decision === "allow"));
  });

  /** "Not you? Use another account". */
  form("/login/switch", async (c, { app, login, session }) => {
    if (session) await endSession(session);
    clearCookie(c, deps.config, "session");
    return followStep(c, deps, app, { kind: "sign-in", login: withoutHint(login) });
  });

  /** "Start again" on the page of a sign-in that expired. */
  routes.post("/login/restart", async (c) => {
    requireSameOrigin(c, deps);
    return restartLogin(c, deps, (login) => {
      const begun = startLogin(deps, login.request, browserId(c, deps), login.host);
      return c.redirect(`/login/continue?request=${sealLogin(deps, begun)}`, 303);
    });
  });

  return routes;
}

interface FormStep {
  app: Parameters<typeof nextStep>[1];
  login: Login;
  fields: BodyFields;
  session: Session | undefined;
}

const WRONG = "E-mail and password do not belong together. Check both and try again.";
const blocked = (seconds: number) =>
  `Too many failed tries. Try again in ${minutes(seconds)}, or choose a new password by e-mail meanwhile.`;

function missing(email: string, password: string) {
  if (email === "")
    return { email: "Enter your e-mail address.", ...(password === "" && { password: "Enter your password." }) };
  return password === "" ? { password: "Enter your password." } : undefined;
}

/** Another account is another e-mail, and another choice of installation. */
function withoutHint(login: Login): Login {
  const { installation: _, accountId: __, ...rest } = login;
  const { loginHint: ___, ...request } = rest.request;
  return { ...rest, request };
}
