import type { NavItem } from "./layout.ts";

/** The tabs of a team. */
export const teamTabs = (teamId: string, current: "members" | "sandbox" | "publisher"): NavItem[] =>
  (["members", "sandbox", "publisher"] as const).map((tab) => ({
    label: { members: "Members", sandbox: "Sandbox", publisher: "Publisher" }[tab],
    href: `/portal/teams/${teamId}/${tab}`,
    current: tab === current,
  }));
