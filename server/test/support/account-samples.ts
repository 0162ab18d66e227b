import { connectedAppsPage, endAccessPage } from "../../src/pages/account/apps.ts";
import { changePasswordPage } from "../../src/pages/account/password.ts";
import { editNamePage, profilePage } from "../../src/pages/account/profile.ts";
import { sessionsPage } from "../../src/pages/account/sessions.ts";
import type { Say } from "./page-samples.ts";

/** The pages about a person's own account, in their states, by name. */
export function accountSamples(say: Say): Record<string, string> {
  const form = (action: string) => ({ action, hidden: { csrf: "3q2-7w", form_token: say("k5Jw") } });
  const visitor = { email: say("dana@acme.example.com"), name: say("Dana Lee") };
  const [region, installationName, at] = [say("EU"), say("Acme Inc"), 1_775_986_267];
  const user = {
    installationName,
    installationLogo: "",
    region,
    host: say("acme.example.com"),
    name: say("Dana Lee"),
    role: say("Admin"),
    editHref: "/account/users/EU-1",
  };
  const profile = { visitor, email: visitor.email, home: region, since: at, unavailableRegions: [] };
  const name = { visitor, form: form("/account/users/EU-1"), installationName, region };
  const password = {
    visitor,
    form: form("/account/password"),
    email: visitor.email,
    forgotHref: "/login/forgot-password",
  };
  const session = {
    device: say("Firefox on Windows"),
    createdAt: at,
    lastUsedAt: at + 86_400,
    remember: false,
    current: true,
  };
  const sessions = {
    visitor,
    home: region,
    othersForm: form("/account/sessions/end-others"),
    everywhereForm: form("/account/sessions/end-all"),
  };
  const app = {
    name: say("Acme Planner"),
    icon: "",
    publisher: say("Planner Inc"),
    installationName,
    region,
    scopes: [say("Read and change projects and their tasks"), say("Read and answer support tickets")],
    since: at,
    firstUsedAt: at + 5,
    lastUsedAt: at + 86_400,
    endHref: "/account/apps/EU-1/714e6f",
  };
  const apps = { visitor, unavailableRegions: [], exportHref: "/account/apps.csv" };
  return {
    account: profilePage({
      ...profile,
      notice: say("Your name is saved."),
      users: [user, { ...user, installationName: say("Beta Labs"), role: say("Member"), editHref: undefined }],
    }),
    "account-region-down": profilePage({
      ...profile,
      since: undefined,
      users: [user],
      unavailableRegions: [say("US")],
    }),
    "account-nobody": profilePage({ ...profile, users: [] }),
    "account-name": editNamePage({ ...name, firstName: say("Dana"), lastName: say("Lee") }),
    "account-name-problem": editNamePage({
      ...name,
      firstName: say("Dana"),
      lastName: "",
      problems: { firstName: say("At most 100 characters.") },
    }),
    "account-name-stale-problem": editNamePage({
      ...name,
      firstName: say("Dana"),
      lastName: "",
      meanwhile: say("Dana Kim"),
    }),
    "account-password": changePasswordPage(password),
    "account-password-problem": changePasswordPage({
      ...password,
      problems: {
        current: say("This is not your current password."),
        password: say("Too many people use this password."),
      },
    }),
    "account-sessions": sessionsPage({
      ...sessions,
      sessions: [
        session,
        {
          ...session,
          device: say("Safari on iPhone"),
          remember: true,
          current: false,
          endForm: form("/account/sessions/end"),
        },
        { ...session, device: say("An unknown browser"), current: false, endForm: form("/account/sessions/end") },
      ],
    }),
    "account-sessions-region-down": sessionsPage(sessions),
    "account-apps": connectedAppsPage({
      ...apps,
      apps: [app, { ...app, name: say("Desk Bot"), publisher: undefined, scopes: [], firstUsedAt: undefined }],
    }),
    "account-apps-region-down": connectedAppsPage({ ...apps, apps: [app], unavailableRegions: [say("US"), say("AP")] }),
    "account-apps-none": connectedAppsPage({ ...apps, apps: [] }),
    "account-apps-end": endAccessPage({ visitor, app, form: form("/account/apps/EU-1/714e6f") }),
  };
}
