import { operatorAppPage, operatorAppsPage } from "../../src/pages/operator/apps.ts";
import { operatorAuditPage } from "../../src/pages/operator/audit.ts";
import { operatorOverviewPage } from "../../src/pages/operator/overview.ts";
import { operatorInstallationPage, operatorRegionPage, operatorUserPage } from "../../src/pages/operator/region.ts";
import type { Say } from "./page-samples.ts";

const CLIENT_ID = "714e6facf170413489dfab7a07c943f8ecf4622a";
const AT = 1_775_986_267;

/** The operator's pages in their states, by name. */
export function operatorSamples(say: Say): Record<string, string> {
  const tabs = ["Overview", "Apps", "Region US", "Region EU", "Audit log"].map((label, index) => ({
    label,
    href: "/operator",
    current: index === 0,
  }));
  const frame = { visitor: { email: say("olga@example.com"), name: say("Olga Petrov") }, tabs };
  return { ...overview(say, frame), ...apps(say, frame), ...places(say, frame), ...log(say, frame) };
}

type Frame = { visitor: { email: string; name: string }; tabs: { label: string; href: string; current: boolean }[] };

const formTo = (path: string, more: Record<string, string> = {}) => ({
  action: `/operator${path}`,
  hidden: { csrf: "3q2-7w", version: "3", ...more },
});

function overview(say: Say, frame: Frame): Record<string, string> {
  const props = {
    ...frame,
    databases: ["Directory", "Region US", "Region EU"].map((name, index) => ({
      name,
      up: true,
      href: index === 0 ? undefined : "/operator/regions/US",
    })),
    moves: [],
    waiting: { apps: 2, scopes: 1, href: "/operator/apps" },
  };
  const move = { what: "Installation 12", from: "US", to: "EU", state: "copying", copiedRows: 1200, startedAt: AT };
  return {
    "operator-overview": operatorOverviewPage(props),
    "operator-overview-lost": operatorOverviewPage({
      ...props,
      databases: props.databases.map((one, index) => ({ ...one, up: index !== 2 })),
      moves: [{ ...move, problem: say("EU does not answer") }],
      waiting: { apps: 0, scopes: 0, href: "/operator/apps" },
    }),
  };
}

function apps(say: Say, frame: Frame): Record<string, string> {
  const app = {
    name: say("Acme Planner"),
    icon: "",
    clientId: CLIENT_ID,
    status: "submitted",
    kind: "confidential",
    url: "https://planner.example.com/",
    description: say("Plans the work of a whole team."),
    createdAt: AT,
    redirectUris: [say("https://planner.example.com/callback")],
    allowedOrigins: [],
    scopes: [say("See your projects")],
    testInstallations: [12],
  };
  const line = (event: string, comment = "") => ({ event, who: say("account:9f1c"), at: AT, comment, scopes: [] });
  const one = {
    ...frame,
    app,
    publisher: {
      teamName: say("Makers"),
      publisherName: say("Rocket Works"),
      publisherUrl: "https://rocket.example/",
      privacyUrl: "https://rocket.example/privacy",
      termsUrl: "",
      publisherEmail: say("hello@rocket.example"),
    },
    region: "EU",
    history: [line("submitted"), line("changes_requested", say("Please describe it."))],
    asked: [],
    before: "Live",
    formTo,
    comment: "",
  };
  return {
    "operator-apps": operatorAppsPage({
      ...frame,
      filters: ["Waiting", "In development", "Live"].map((label, index) => ({
        label,
        href: "/operator/apps",
        count: index + 1,
        current: index === 0,
      })),
      apps: ["submitted", "live"].map((status) => ({
        ...app,
        status,
        href: "/operator",
        asksScopes: status === "live",
      })),
      unavailableRegions: [say("EU")],
      nextHref: "/operator/apps?after=1",
    }),
    "operator-app": operatorAppPage(one),
    "operator-app-problem": operatorAppPage({
      ...one,
      comment: say("Typed"),
      problems: { comment: say("Say what is to be changed."), typedName: say("That is not the app’s name.") },
    }),
    "operator-app-live": operatorAppPage({
      ...one,
      app: { ...app, status: "live" },
      asked: [say("See your tickets")],
      publisher: "unavailable",
      history: undefined,
    }),
    "operator-app-suspended": operatorAppPage({
      ...one,
      app: { ...app, status: "suspended", url: "", redirectUris: [], scopes: [], testInstallations: [] },
      publisher: "no-team",
      region: undefined,
      history: undefined,
    }),
  };
}

function places(say: Say, frame: Frame): Record<string, string> {
  const region = { ...frame, region: "US", form: formTo("/regions/US"), text: "", found: undefined };
  const users = ["Dana Lee", "Alex Moreau"].map((name, index) => ({
    href: "/operator/regions/US/installations/12/users/45",
    name: say(name),
    email: say("dana@acme.example.com"),
    place: say("Acme (US-12)"),
    disabled: index === 1,
  }));
  const found = {
    installations: [{ href: "/operator", name: say("Acme"), label: "US-12", url: say("https://acme.example.com/") }],
    users,
    cut: true,
  };
  const user = {
    name: say("Dana Lee"),
    email: say("dana@acme.example.com"),
    label: "US-12/45",
    role: "admin",
    company: say("Acme Inc"),
    disabled: false,
    accountRegion: "EU",
    accountId: "9f1c5b8e0d2a4c7f9f1c5b8e0d2a4c7f",
    createdAt: AT,
  };
  const person = {
    ...frame,
    region: "US",
    user,
    installation: { name: say("Acme"), href: "/operator" },
    tokens: [
      { id: "t1", appName: say("Acme Planner"), scopes: ["projects"], issuedAt: AT, expiresAt: null },
      { id: "t2", appName: say("Reader"), scopes: [], issuedAt: AT, expiresAt: AT + 3_600 },
    ],
    more: true,
    formTo,
  };
  return {
    "operator-region": operatorRegionPage(region),
    "operator-region-found": operatorRegionPage({ ...region, text: say("acme"), found }),
    "operator-region-none": operatorRegionPage({
      ...region,
      text: say("acme"),
      found: { installations: [], users: [], cut: false },
    }),
    "operator-region-lost": operatorRegionPage({ ...region, text: say("acme"), found: "unavailable" }),
    "operator-region-problem": operatorRegionPage({
      ...region,
      text: say("a"),
      problem: say("Type at least 3 letters."),
    }),
    "operator-installation": operatorInstallationPage({
      ...frame,
      region: "US",
      installation: {
        label: "US-12",
        name: say("Acme"),
        url: "https://acme.example.com/",
        apiEndPoint: say("https://acme.example.com/api/"),
        company: say("Acme Inc"),
        createdAt: AT,
        users: 2,
      },
      apps: [{ name: say("Acme Planner"), href: "/operator", tokens: 3 }],
      users,
      nextHref: "/operator?after=45",
    }),
    "operator-user": operatorUserPage(person),
    "operator-user-problem": operatorUserPage({
      ...person,
      user: { ...user, disabled: true },
      tokens: [],
      more: false,
      problem: say("Somebody changed this."),
    }),
  };
}

function log(say: Say, frame: Frame): Record<string, string> {
  const entry = { at: AT, actor: "account:9f1c5b8e0d2a4c7f", action: "app.review", target: CLIENT_ID };
  const props = {
    ...frame,
    logs: ["Directory", "Region US"].map((label, index) => ({ label, href: "/operator/audit", current: index === 0 })),
    entries: [
      { ...entry, detail: say("fields: status; from: submitted; to: live") },
      { ...entry, action: "user.change", target: say("US-12/45"), detail: "" },
    ],
    olderHref: "/operator/audit?before=1",
  };
  return {
    "operator-audit": operatorAuditPage(props),
    "operator-audit-lost": operatorAuditPage({ ...props, entries: "unavailable", olderHref: undefined }),
  };
}
