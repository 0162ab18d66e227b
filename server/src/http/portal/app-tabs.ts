import { may } from "../../domain/teams/policy.ts";
import type { TeamRole } from "../../domain/teams/teams.ts";
import type { NavItem } from "../../pages/portal/layout.ts";

const TABS = [
  ["", "Overview"],
  ["/credentials", "Credentials"],
  ["/branding", "Branding"],
  ["/scopes", "Scopes"],
  ["/try", "Try it"],
  ["/snippets", "Snippets"],
  ["/review", "Review"],
  ["/logs", "Logs"],
  ["/charts", "Charts"],
  ["/danger", "Danger"],
] as const;

/** The tabs of an app that somebody of that role can use, with the one that is open. */
export const appTabs = (clientId: string, current: (typeof TABS)[number][0], role: TeamRole): NavItem[] =>
  TABS.filter(([path]) => path !== "/try" || may(role, "app.try")).map(([path, label]) => ({
    label,
    href: `/portal/apps/${clientId}${path}`,
    current: path === current,
  }));
