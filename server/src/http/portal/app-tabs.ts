import type { NavItem } from "../../pages/portal/layout.ts";

const TABS = [
  ["", "Overview"],
  ["/credentials", "Credentials"],
  ["/branding", "Branding"],
  ["/scopes", "Scopes"],
  ["/try", "Try it"],
  ["/snippets", "Snippets"],
  ["/logs", "Logs"],
  ["/charts", "Charts"],
  ["/danger", "Danger"],
] as const;

/** The tabs of an app, with the one that is open. */
export const appTabs = (clientId: string, current: (typeof TABS)[number][0]): NavItem[] =>
  TABS.map(([path, label]) => ({ label, href: `/portal/apps/${clientId}${path}`, current: path === current }));
