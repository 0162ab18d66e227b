import { ICON_LENGTH_MAX } from "../../src/domain/apps/icon.ts";
import { credentialsPage } from "../../src/pages/portal/app-credentials.ts";
import { overviewPage } from "../../src/pages/portal/app-overview.ts";
import { reviewPage } from "../../src/pages/portal/app-review.ts";
import { brandingPage, dangerPage, scopesPage } from "../../src/pages/portal/app-settings.ts";
import { newAppPage } from "../../src/pages/portal/new-app.ts";
import type { Say } from "./page-samples.ts";
import { trialSamples } from "./trial-samples.ts";

/** The portal's pages about one app, in their states, by name. */
export function appSamples(say: Say): Record<string, string> {
  const formTo = (path: string, more: Record<string, string> = {}) => ({
    action: `/portal/apps/714e6facf1${path}`,
    hidden: { csrf: "3q2-7w", version: "3", ...more },
  });
  const at = 1_775_986_267;
  const visitor = { email: say("dana@acme.example.com"), name: say("Dana Lee") };
  const tabs = ["Overview", "Credentials", "Branding", "Scopes", "Try it", "Snippets", "Logs", "Charts", "Danger"].map(
    (label, index) => ({
      label,
      href: `/portal/apps/714e6facf1/${label.toLowerCase()}`,
      current: index === 1,
    }),
  );
  const frame = {
    visitor,
    tabs,
    app: {
      name: say("Acme Planner"),
      icon: "",
      clientId: "714e6facf170413489dfab7a07c943f8ecf4622a",
      status: "development",
      teamId: "5f1c",
      teamName: say("Makers"),
    },
  };
  const secret = {
    secretId: "a1",
    name: say("production"),
    hint: "x7Qd",
    createdAt: at,
    lastUsedAt: at,
    expiresAt: null,
    expired: false,
    inUse: false,
  };
  const credentials = {
    ...frame,
    formTo,
    mayChange: true,
    isPublic: false,
    secrets: [
      secret,
      { ...secret, secretId: "a3", inUse: true },
      { ...secret, secretId: "a2", lastUsedAt: null, expiresAt: at, expired: true },
    ],
    redirectUris: [{ uri: say("https://planner.example.com/callback") }, { uri: "planner://x", note: say("A note.") }],
    uriExample: "https://app.example.com/callback",
    origins: [say("https://planner.example.com")],
    tokens: "permanent",
    codeLifetimeSeconds: 900,
    endpoints: [{ label: "Login", url: "http://localhost:4400/launchpad/login" }],
    originCurl: say("curl -i http://localhost:4400/launchpad/v1/token.json"),
  };
  const brand = {
    name: say("Acme Planner"),
    icon: say("https://planner.example.com/icon.png"),
    url: "https://planner.example.com/",
    description: say("Plans the work of a whole team."),
  };
  const preview = {
    app: { name: say("Acme Planner"), icon: "", verified: false, returnTo: say("planner.example.com") },
    form: formTo("/branding"),
    switchForm: formTo("/branding"),
    email: "ada@example.com",
    installation: { name: "Example Inc", host: "example.com", region: "EU" },
    scopes: [{ name: "projects", description: say("See your projects") }],
    openid: { profile: false, email: false },
    appDescription: say("Plans the work of a whole team."),
    appUrl: "https://planner.example.com/",
  };
  const branding = { ...frame, formTo, mayChange: true, brand, preview, iconLengthMax: ICON_LENGTH_MAX };
  const scopes = {
    ...frame,
    formTo,
    mayChange: true,
    scopes: [{ name: say("projects"), description: say("See your projects"), chosen: true, asked: true }],
    live: true,
  };
  const line = (event: string, comment = "") => ({
    event,
    who: "An operator",
    at,
    comment: comment && say(comment),
    scopes: [],
  });
  const review = {
    ...frame,
    app: { ...frame.app, status: "changes_requested" },
    formTo,
    maySubmit: true,
    current: line("changes_requested", "Please describe what it does with tickets."),
    requirements: ["Say who publishes it", "Register a redirect URI", "Link a privacy policy"].map((label, index) => ({
      label,
      hint: say("A hint."),
      required: index < 2,
      met: index < 2,
      href: "/portal",
    })),
    asked: [],
    history: [
      line("changes_requested", "Please describe what it does with tickets."),
      { ...line("scopes_asked"), who: "Your team", scopes: [say("See your tickets")] },
      { ...line("submitted"), who: "You" },
    ],
  };
  const danger = {
    ...frame,
    formTo,
    may: { suspend: true, remove: true, resume: false },
    suspended: false,
    counts: { grants: 12, lastUse: "2026-04-12", unavailableRegions: [say("EU")] },
  };
  const newApp = {
    visitor,
    team: { teamId: "5f1c", name: say("Makers") },
    form: { action: "/portal/teams/5f1c/new-app", hidden: { csrf: "3q2-7w" } },
    name: "",
    platform: "web",
  };
  const steps = ["Register a redirect URI", "Send somebody to the login", "Exchange the code"];
  return {
    ...trialSamples(say, { ...frame, formTo }),
    "new-app": newAppPage(newApp),
    "new-app-problem": newAppPage({ ...newApp, problems: { name: say("Give it a name.") } }),
    "app-overview": overviewPage({
      ...frame,
      checklist: steps.map((label, index) => ({ label, hint: say("A hint."), done: index === 0, href: "/portal" })),
      lastLoginAt: at,
      warnings: [{ text: say("A secret ends within a week."), href: "/portal" }],
      whoCanLogIn: say("Users of your team’s sandbox, until it is live"),
      review: { href: "/portal", comment: say("Describe what it does.") },
    }),
    "app-credentials": credentialsPage(credentials),
    "app-credentials-fresh": credentialsPage({ ...credentials, fresh: "lks_k5JwQ2", notice: say("Saved.") }),
    "app-credentials-tested": credentialsPage({
      ...credentials,
      uriTest: {
        received: say("https://planner.example.com/callback/"),
        matches: false,
        nearest: say("https://planner.example.com/callback"),
        slip: say("They differ in the slash."),
      },
    }),
    "app-credentials-problem": credentialsPage({
      ...credentials,
      typed: { redirectUri: say("http://a.example/") },
      problems: { redirectUri: say("Use https, or http on localhost.") },
    }),
    "app-branding": brandingPage(branding),
    "app-branding-problem": brandingPage({
      ...branding,
      stored: { ...brand, name: say("Theirs") },
      problems: { form: say("Somebody changed this app.") },
    }),
    "app-scopes": scopesPage(scopes),
    "app-review": reviewPage(review),
    "app-review-problem": reviewPage({ ...review, problems: { form: say("Somebody changed this.") } }),
    "app-review-submitted": reviewPage({ ...review, app: { ...frame.app, status: "submitted" }, maySubmit: true }),
    "app-review-live": reviewPage({
      ...review,
      app: { ...frame.app, status: "live" },
      asked: [say("See your tickets")],
      history: undefined,
    }),
    "app-danger": dangerPage(danger),
    "app-danger-problem": dangerPage({ ...danger, problems: { typedName: say("That is not the app’s name.") } }),
  };
}
