import { appListPage } from "../../src/pages/portal/apps.ts";
import { invitationPage, membersPage } from "../../src/pages/portal/members.ts";
import { publisherPage } from "../../src/pages/portal/publisher.ts";
import { sandboxPage } from "../../src/pages/portal/sandbox.ts";
import { newTeamPage, teamListPage } from "../../src/pages/portal/teams.ts";
import type { Say } from "./page-samples.ts";

/** The portal's pages about teams, in their states, by name. */
export const teamSamples = (say: Say): Record<string, string> => ({
  ...frontDoor(say),
  ...membersPages(say),
  ...sandboxAndPublisher(say),
});

const visitorOf = (say: Say) => ({ email: say("dana@acme.example.com"), name: say("Dana Lee") });
const formTo = (action: string, more: Record<string, string> = {}) => ({ action, hidden: { csrf: "3q2-7w", ...more } });

function frontDoor(say: Say): Record<string, string> {
  const visitor = visitorOf(say);
  const team = { teamId: "5f1c", name: say("Makers") };
  const newTeam = { visitor, form: formTo("/portal/new-team"), name: "" };
  const app = (name: string, status: string) => ({
    name: say(name),
    icon: "",
    clientId: "714e6facf170413489dfab7a07c943f8ecf4622a",
    status,
    href: "/portal/apps/714e6facf1",
  });
  const apps = { visitor, team, newAppHref: "/portal/teams/5f1c/new-app" };
  return {
    "new-team": newTeamPage(newTeam),
    "new-team-problem": newTeamPage({ ...newTeam, problems: { name: say("Give it a name.") } }),
    teams: teamListPage({
      visitor,
      teams: ["Makers", "Night shift"].map((name) => ({ name: say(name), href: "/portal/teams/5f1c", role: "owner" })),
      newTeamHref: "/portal/new-team",
    }),
    "team-apps": appListPage({
      ...apps,
      notice: say("The app is deleted."),
      apps: [app("Acme Planner", "live"), app("Desk Bot", "development"), app("Old Chat", "suspended")],
    }),
    "team-apps-region-down": appListPage({
      ...apps,
      team: { ...team, lostRegion: say("EU") },
      apps: [app("Desk Bot", "live")],
    }),
    "team-apps-none": appListPage({ ...apps, apps: [] }),
    "team-apps-none-viewer": appListPage({ ...apps, apps: [], newAppHref: undefined }),
  };
}

function membersPages(say: Say): Record<string, string> {
  const visitor = visitorOf(say);
  const form = (path: string) => formTo(`/portal/teams/5f1c/members/${path}`);
  const owner = {
    accountId: "a1",
    email: visitor.email as string | undefined,
    unreachable: false,
    region: say("US"),
    role: "owner",
    you: true,
    changeable: true,
  };
  const member = { ...owner, accountId: "a2", email: say("kim@example.org"), role: "developer", you: false };
  const members = {
    visitor,
    team: { teamId: "5f1c", name: say("Makers"), role: "owner" },
    members: [
      owner,
      member,
      { ...member, accountId: "a3", email: undefined, unreachable: true, region: say("EU") },
      { ...member, accountId: "a4", email: undefined, role: "viewer" },
    ],
    invitations: [{ id: "b1", email: say("sam@both.example.com"), role: "admin", expiresAt: 1_775_986_267 }],
    roles: ["owner", "admin", "developer", "viewer"],
    forms: {
      role: form("role"),
      remove: form("remove"),
      leave: form("leave"),
      invite: form("invite"),
      uninvite: form("uninvite"),
    },
    email: "",
    role: "developer",
  };
  const { role, remove, leave } = members.forms;
  const invitation = { visitor, teamName: say("Makers"), role: "developer" };
  return {
    members: membersPage({ ...members, notice: say("The invitation is on its way.") }),
    "members-alone": membersPage({ ...members, members: [owner], invitations: [] }),
    "members-viewer": membersPage({
      ...members,
      team: { ...members.team, role: "viewer" },
      members: members.members.map((one) => ({ ...one, changeable: false })),
      forms: { role, remove, leave },
    }),
    "members-region-down": membersPage({ ...members, invitations: undefined }),
    "members-problem": membersPage({
      ...members,
      email: say("sam"),
      problems: { email: say("Enter an e-mail address, such as name@example.com.") },
    }),
    invitation: invitationPage({ ...invitation, form: formTo("/portal/invitations/EU.k5Jw") }),
    "invitation-for-another": invitationPage({ ...invitation, form: undefined }),
  };
}

function sandboxAndPublisher(say: Say): Record<string, string> {
  const [visitor, team] = [visitorOf(say), { teamId: "5f1c", name: say("Makers") }];
  const person = (name: string, role: string) => ({
    name: say(name),
    email: say(`${name.split(" ")[0]?.toLowerCase()}.1001@sandbox.test`),
    password: say("try-k5JwQ2d8fE0aZp1mB7sT"),
    role,
  });
  const stored = {
    publisherName: say("Planner Inc"),
    publisherUrl: say("https://planner.example.com/"),
    privacyUrl: say("https://planner.example.com/privacy"),
    termsUrl: "",
    publisherEmail: say("hello@planner.example.com"),
  };
  const publisher = {
    visitor,
    team,
    publisher: stored,
    form: formTo("/portal/teams/5f1c/publisher", { version: "3" }),
  };
  return {
    sandbox: sandboxPage({
      visitor,
      team,
      sandbox: {
        name: say("EU-1001"),
        region: say("EU"),
        apiEndPoint: say("http://localhost:4400/sandbox/EU/1001/"),
        people: [person("Ada Sandberg", "admin"), person("Ben Quarzin", "member")],
      },
    }),
    "sandbox-region-down": sandboxPage({ visitor, team, sandbox: { lostRegion: say("EU") } }),
    "sandbox-deleted": sandboxPage({ visitor, team, sandbox: undefined }),
    publisher: publisherPage(publisher),
    "publisher-viewer": publisherPage({ ...publisher, form: undefined }),
    "publisher-region-down": publisherPage({ ...publisher, publisher: undefined, form: undefined }),
    "publisher-problem": publisherPage({
      ...publisher,
      problems: { publisherName: say("Give it a name."), publisherUrl: say("Give a full https address.") },
    }),
    "publisher-stale-problem": publisherPage({ ...publisher, stored: { ...stored, publisherName: say("Theirs") } }),
  };
}
