import type { Deps } from "../../deps.ts";
import { isPrivateScheme } from "../../domain/apps/redirect-uri.ts";
import type { App } from "../../domain/apps/registry.ts";
import type { Login } from "../../domain/login/login.ts";
import { sealLogin, withHint } from "../../domain/login/login.ts";
import { type Place, placeName } from "../../domain/login/memberships.ts";
import type { Step } from "../../domain/login/next-step.ts";
import type { Session } from "../../domain/login/sessions.ts";
import { portalCredential } from "../../domain/portal/portal-app.ts";
import type { AppCard } from "../../pages/app-card.ts";
import type { Form } from "../../pages/forms.ts";
import { accountPickerPage } from "../../pages/login/account-picker.ts";
import { chooserPage } from "../../pages/login/chooser.ts";
import { consentPage } from "../../pages/login/consent.ts";
import { openAppPage } from "../../pages/login/open-app.ts";
import { type SignInProps, signInPage } from "../../pages/login/sign-in.ts";
import type { HttpContext } from "../context.ts";
import { LOGIN_CSP } from "../headers.ts";
import { continueHref } from "./carried-login.ts";
import { lastPlace } from "./last-place.ts";
import { noteOutcome } from "./note.ts";

type PageStep = Exclude<Step, { kind: "return" }>;
type SignInFields = Pick<SignInProps, "email" | "remember" | "problems" | "address">;

/** After a form: the app is told, or the browser is sent on to the next step's page, so that Back never asks to send a form again. */
export function followStep(c: HttpContext, deps: Deps, app: App, step: Step): Response | Promise<Response> {
  if (step.kind === "return") return showStep(c, deps, app, step, undefined);
  return c.redirect(`/login/continue?request=${sealLogin(deps, step.login)}`, 303);
}

/** After a link: the step's page itself. */
export async function showStep(
  c: HttpContext,
  deps: Deps,
  app: App,
  step: Step,
  session: Session | undefined,
): Promise<Response> {
  noteOutcome(c, deps, step);
  if (step.kind === "return") return returnToApp(c, app, step.uri, "error" in step.ended);
  c.header("content-security-policy", LOGIN_CSP);
  // The page that asks may wait a moment to say who asks; the others say it where it is known already.
  if (step.kind === "consent") await deps.publishers.of(app.clientId);
  return c.html(pageOf(c, deps, app, step, session?.email ?? ""));
}

/** The sign-in page once more, with what went wrong; the password is asked for anew. */
export function showSignIn(
  c: HttpContext,
  deps: Deps,
  app: App,
  login: Login,
  again: SignInFields,
  status: 422 | 429,
): Response | Promise<Response> {
  c.header("content-security-policy", LOGIN_CSP);
  const hinted = withHint(login, again.email);
  return c.html(signIn(deps, app, hinted, { ...again, address: continueHref(sealLogin(deps, hinted)) }), status);
}

/** Step three of the guide: the answer goes to the redirect URI (wire section 3). */
export function returnToApp(c: HttpContext, app: App, uri: string, refused: boolean): Response | Promise<Response> {
  if (!isPrivateScheme(uri)) return c.redirect(uri, 303);
  // Browsers follow a redirect to another program only sometimes, and then leave an empty window behind.
  c.header("content-security-policy", LOGIN_CSP);
  c.header("referrer-policy", "no-referrer");
  return c.html(openAppPage({ app: { name: app.name }, uri, refused }));
}

function pageOf(c: HttpContext, deps: Deps, app: App, step: PageStep, email: string) {
  const request = sealLogin(deps, step.login);
  const form = (action: string, more: Record<string, string> = {}): Form => ({ action, hidden: { request, ...more } });
  const card = appCard(deps, app, step.login.request.redirectUri);
  const shared = {
    app: card,
    email,
    switchForm: form("/login/switch"),
    cancelForm: form("/login/consent", { decision: "deny" }),
  };
  switch (step.kind) {
    case "sign-in":
      return signIn(deps, app, step.login, { email: step.login.request.loginHint ?? "", remember: false });
    case "pick-account":
      return accountPickerPage({ ...shared, form: form("/login/continue"), otherForm: shared.switchForm });
    case "choose":
      return chooserPage({
        ...shared,
        form: form("/login/continue"),
        choices: step.places.all.map((place) => choiceOf(place, placeName(place) === lastPlace(c, deps))),
        unavailableRegions: step.places.unavailableRegions,
      });
    case "consent": {
      const { scopes } = step.login.request;
      const given = step.place.consentedScopes;
      const publisher = deps.publishers.known(app.clientId);
      return consentPage({
        ...shared,
        form: form("/login/consent"),
        installation: {
          name: step.place.installationName,
          host: new URL(step.place.installationUrl).host,
          region: step.place.region.name,
          logo: step.place.installationLogo,
        },
        scopes: scopes
          .filter((name) => app.scopes.includes(name))
          .map((name) => ({ ...describe(deps, name), isNew: given?.includes(name) === false })),
        asksForMore: given !== null && scopes.some((name) => !given.includes(name)),
        openid: { profile: scopes.includes("profile"), email: scopes.includes("email") },
        appDescription: app.description,
        appUrl: app.url,
        publisherUrls: publisher && {
          site: publisher.publisherUrl,
          privacy: publisher.privacyUrl,
          terms: publisher.termsUrl,
        },
        mode: step.mode,
      });
    }
  }
}

function signIn(deps: Deps, app: App, login: Login, fields: SignInFields) {
  const request = sealLogin(deps, login);
  return signInPage({
    app: appCard(deps, app, login.request.redirectUri),
    form: { action: "/login/sign-in", hidden: { request } },
    ...fields,
    ...(isSignUpOpen(deps, app) && { signUpHref: "/portal/sign-up" }),
    forgotHref: `/login/forgot-password?request=${request}`,
    cancelForm: { action: "/login/consent", hidden: { request, decision: "deny" } },
  });
}

/** Accounts are made for the portal; other apps' users have theirs by their installations. */
const isSignUpOpen = (deps: Deps, { clientId }: App) =>
  deps.config.signUp === "developers" && clientId === portalCredential(deps).clientId;

const choiceOf = (place: Place, lastUsed: boolean) => ({
  value: placeName(place),
  name: place.installationName,
  host: new URL(place.installationUrl).host,
  region: place.region.name,
  logo: place.installationLogo,
  role: place.role === "admin" ? "Admin" : "Member",
  lastUsed,
  disabledReason: place.closed,
});

const describe = (deps: Deps, name: string) => ({ name, description: deps.apps.scopes().get(name) ?? "" });

export const appCard = (deps: Pick<Deps, "publishers">, app: App, redirectUri: string): AppCard => ({
  name: app.name,
  icon: app.icon,
  verified: app.status === "live",
  publisher: deps.publishers.known(app.clientId)?.publisherName,
  returnTo: isPrivateScheme(redirectUri) ? `the ${app.name} app` : new URL(redirectUri).host,
});
