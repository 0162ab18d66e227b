import { demoAppPage, demoMissingPage } from "../../src/pages/demo/demo-app.ts";
import { mailPage, outboxPage } from "../../src/pages/dev/outbox.ts";
import { errorPage } from "../../src/pages/errors/error-page.ts";
import * as words from "../../src/pages/errors/words.ts";
import { accountPickerPage } from "../../src/pages/login/account-picker.ts";
import { chooserPage } from "../../src/pages/login/chooser.ts";
import { consentPage } from "../../src/pages/login/consent.ts";
import { expiredPage } from "../../src/pages/login/expired.ts";
import { forgotPasswordPage, forgotPasswordSentPage } from "../../src/pages/login/forgot-password.ts";
import { homePage } from "../../src/pages/login/home.ts";
import { confirmLinkPage, deadLinkPage, newPasswordPage, passwordSavedPage } from "../../src/pages/login/link.ts";
import { openAppPage } from "../../src/pages/login/open-app.ts";
import { signInPage } from "../../src/pages/login/sign-in.ts";
import { signedOutPage } from "../../src/pages/login/signed-out.ts";
import { accountSamples } from "./account-samples.ts";
import { appSamples } from "./app-samples.ts";
import { operatorSamples } from "./operator-samples.ts";
import { signUpSamples } from "./sign-up-samples.ts";
import { teamSamples } from "./team-samples.ts";
import { timelineSamples } from "./timeline-samples.ts";

/** Says a text of a page: as it is, or as an attacker would have it. */
export type Say = (ordinary: string) => string;

/** Every page in its states, by name. What a stranger could choose goes through `say`. */
export function pageSamples(say: Say = (ordinary) => ordinary): Record<string, string> {
  return {
    ...loginPages(say),
    ...passwordPages(say),
    ...errorPages(say),
    ...demoPages(say),
    ...otherPages(say),
    ...accountSamples(say),
    ...appSamples(say),
    ...signUpSamples(say),
    ...teamSamples(say),
    ...timelineSamples(say),
    ...operatorSamples(say),
  };
}

const formTo = (action: string, say: Say) => ({ action, hidden: { csrf: "3q2-7w", request: say("client_id=714e6f") } });

const planner = (say: Say) => ({
  name: say("Acme Planner"),
  icon: "",
  verified: true,
  returnTo: say("planner.example.com"),
});

const INSTALLATIONS = [
  "Acme Inc",
  "Beta Labs",
  "Castle & Sons",
  "Delta Air",
  "Echo",
  "Fjord",
  "Gamma",
  "Harbour",
  "Isle",
];

function choices(say: Say, count: number) {
  return INSTALLATIONS.slice(0, count).map((name, index) => ({
    value: say(`${index % 2 ? "EU" : "US"}-${index + 1}`),
    name: say(name),
    host: say(`${name.split(" ")[0]?.toLowerCase()}.example.com`),
    region: say(index % 2 ? "EU" : "US"),
    logo: "",
    role: say(index === 0 ? "Admin" : "Member"),
    lastUsed: index === 0,
    disabledReason: index === 2 ? say("This app is not allowed here yet: ask an administrator.") : undefined,
  }));
}

function loginPages(say: Say): Record<string, string> {
  const [app, form, email] = [planner(say), formTo("/login", say), say("dana@acme.example.com")];
  const [switchForm, cancelForm] = [formTo("/login/switch", say), formTo("/login/cancel", say)];
  const signIn = { app, form, email, remember: false, forgotHref: "/login/forgot", cancelForm };
  const chooser = { app, form, email, unavailableRegions: [], switchForm, cancelForm };
  const consent = {
    app,
    form,
    email,
    installation: { name: say("Acme Inc"), host: say("acme.example.com"), region: say("US") },
    scopes: [
      { name: say("projects"), description: say("See and change your projects, tasks and files") },
      { name: say("desk"), description: say("See and answer tickets of your help desk") },
    ],
    openid: { profile: true, email: true },
    appDescription: say("Plans the work of a whole team on one page."),
    appUrl: "https://planner.example.com/",
    switchForm,
  };
  return {
    "sign-in": signInPage({ ...signIn, email: "" }),
    "sign-in-unverified": signInPage({ ...signIn, app: { ...app, verified: false }, remember: true }),
    "sign-in-problem": signInPage({
      ...signIn,
      problems: { form: say("The e-mail address or the password is wrong.") },
    }),
    "sign-in-fields": signInPage({
      ...signIn,
      problems: { email: say("Enter your e-mail address."), password: say("Enter your password.") },
    }),
    "sign-in-alone": signInPage({
      form,
      email,
      remember: false,
      forgotHref: "/login/forgot",
      notice: say("Your password is saved."),
    }),
    chooser: chooserPage({ ...chooser, choices: choices(say, 4) }),
    "chooser-many": chooserPage({ ...chooser, choices: choices(say, 9), unavailableRegions: [say("AP")] }),
    "chooser-none": chooserPage({ ...chooser, choices: [] }),
    consent: consentPage({ ...consent, mode: "consent" }),
    "consent-published": consentPage({
      ...consent,
      app: { ...app, verified: false, publisher: say("Rocket Works") },
      publisherUrls: { site: "https://rocket.example/", privacy: "https://rocket.example/privacy", terms: "" },
      mode: "consent",
    }),
    "consent-more": consentPage({
      ...consent,
      scopes: consent.scopes.map((scope, index) => ({ ...scope, isNew: index === 0 })),
      asksForMore: true,
      mode: "consent",
    }),
    confirm: consentPage({
      ...consent,
      app: { ...app, verified: false, returnTo: say("the Acme Planner app") },
      mode: "confirm",
    }),
    "account-picker": accountPickerPage({ app, form, email, otherForm: switchForm, cancelForm }),
    "open-app": openAppPage({ app, uri: "com.example.planner:/done?code=7cc8debd", refused: false }),
    "open-app-refused": openAppPage({ app, uri: "planner://done?error=access_denied", refused: true }),
    expired: expiredPage({ app, form, method: "post" }),
    "signed-out": signedOutPage(),
    home: homePage({ demo: { appHref: "/demo/app", outboxHref: "/dev/outbox" } }),
    "home-signed-in": homePage({ email, signOutForm: formTo("/logout", say), accountHref: "/account" }),
  };
}

function passwordPages(say: Say): Record<string, string> {
  const [form, email, installationName] = [formTo("/login/link", say), say("dana@acme.example.com"), say("Acme Inc")];
  return {
    "forgot-password": forgotPasswordPage({ form, email, backHref: "/login" }),
    "forgot-password-problem": forgotPasswordPage({
      form,
      email,
      problems: { email: say("Enter your e-mail address.") },
    }),
    "forgot-password-sent": forgotPasswordSentPage({ email }),
    "link-invitation": confirmLinkPage({ kind: "invitation", form, installationName }),
    "link-reset": confirmLinkPage({ kind: "password_reset", form }),
    "new-password": newPasswordPage({ kind: "invitation", form, email, installationName }),
    "new-password-problem": newPasswordPage({
      kind: "password_reset",
      form,
      email,
      problems: { password: say("This password is known from a leak. Choose another one.") },
    }),
    "link-dead": deadLinkPage({ kind: "password_reset", againHref: "/login/forgot" }),
    "link-dead-invitation": deadLinkPage({ kind: "invitation" }),
    "password-saved": passwordSavedPage({ continueHref: "/login" }),
    "password-saved-partly": passwordSavedPage({ partly: true }),
  };
}

function errorPages(say: Say): Record<string, string> {
  const page = (what: words.ErrorWords) =>
    errorPage({ ...what, reference: say("01JD3V6M9X2K"), time: "2026-04-12T09:31:07.000Z" });
  return {
    "error-missing-client-id": page(words.missingClientId()),
    "error-unknown-client": page(words.unknownClient(say("714e6facf170413489dfab7a07c943f8ecf4622a"))),
    "error-suspended": page(words.appSuspended(say("Acme Planner"))),
    "error-missing-redirect-uri": page(words.missingRedirectUri()),
    "error-redirect-uri": page(
      words.redirectUriNotRegistered(say("https://planner.example.com/callback/"), [
        say("https://staging.planner.example.com/callback"),
        say("https://planner.example.com/callback"),
      ]),
    ),
    "error-no-redirect-uri": page(words.redirectUriNotRegistered(say("https://planner.example.com/"), [])),
    "error-repeated": page(words.repeatedParameter(say("state"))),
    "error-state": page(words.stateTooLong(4096)),
    "error-malformed": page(words.malformedRequest(say("The query holds a byte that is not UTF-8."))),
    "error-cookies": page(words.cookiesBlocked()),
    "error-foreign-form": page(words.foreignForm()),
    "error-too-many": page(words.tooManyTries(12)),
    "error-unavailable": page(words.unavailable(say("EU"))),
    "error-page-unavailable": page(words.pageUnavailable(say("EU"))),
    "error-sign-up-unavailable": page(words.signUpUnavailable(undefined)),
    "error-not-found": errorPage({
      ...words.notFound(),
      reference: say("01JD3V6M9X2K"),
      time: "2026-04-12T09:31:07.000Z",
      again: { href: "/", label: say("To the start") },
    }),
    "error-method": page(words.methodNotAllowed()),
    "error-unexpected": page(words.unexpected()),
  };
}

function demoPages(say: Say): Record<string, string> {
  const talk = (request: string, text?: string) => ({
    request: say(request),
    ...(text === undefined ? { curl: say("curl -s 'http://localhost:4400/demo/US/1/me.json'") } : {}),
    ...(text !== undefined && { answer: { ok: !text.includes("400"), text: say(text) } }),
  });
  const props = {
    logins: ["dana@acme.example.com", "sam@both.example.com"].map((email) => ({
      email: say(email),
      password: say("violet-kettle-42"),
      where: say("Acme US-1, Globex EU-2"),
    })),
    start: { href: "/demo/app/login", talk: talk("GET /launchpad/login\n?client_id=714e6facf170413489df\n&state=1") },
  };
  const callback = { request: say("GET /demo/app/callback\n?code=7cc8debd-a469-4b8b-9eef-f825d4480274-US\n&state=1") };
  const request = "POST /launchpad/v1/token.json\nHost: localhost:4400\n\ncode=7cc8debd";
  const exchanged = {
    talk: talk(request, 'HTTP 200\n\n{\n  "access_token": "tkn.v1_Yjc3MDNkYjItNWM3Ny00YTkxLWE4"\n}'),
  };
  const [form, ask] = [formTo("/demo/app/call#step-5", say), talk("GET /demo/US/1/me.json")];
  return {
    "demo-app": demoAppPage(props),
    "demo-app-back": demoAppPage({ ...props, callback, exchange: { talk: talk(request), form } }),
    "demo-app-token": demoAppPage({ ...props, callback, exchange: exchanged, call: { talk: ask, form } }),
    "demo-app-replay": demoAppPage({ ...props, callback, exchange: { talk: talk(request, "HTTP 400") } }),
    "demo-app-refused": demoAppPage({ ...props, callback: { ...callback, problem: say("The user said no.") } }),
    "demo-app-missing": demoMissingPage({ file: say("/srv/latchkey/data/demo.json") }),
  };
}

function otherPages(say: Say): Record<string, string> {
  const mail = {
    id: "17",
    to: say("dana@acme.example.com"),
    subject: say("You are invited to Acme Inc"),
    at: 1_775_986_267,
    region: say("US"),
  };
  return {
    outbox: outboxPage({ mails: [mail, { ...mail, id: "16", subject: say("Choose a new password") }] }),
    "outbox-empty": outboxPage({ mails: [] }),
    mail: mailPage({
      ...mail,
      text: say("Acme Inc has an account ready for you.\n\nhttp://localhost:4400/login/link?token=ABC\n"),
      links: ["http://localhost:4400/login/link?token=ABC"],
    }),
  };
}
