import type { TeamRole } from "../../store/directory/teams.ts";

/** Who in a team may do what. One line an action; what is not listed here can be done by nobody. */
const MAY = {
  "team.read": ["owner", "admin", "developer", "viewer"],
  "team.change": ["owner", "admin"],
  "member.invite": ["owner", "admin"],
  "member.change": ["owner", "admin"],
  "member.makeOwner": ["owner"],
  "publisher.setFirst": ["owner", "admin", "developer"],
  "publisher.change": ["owner", "admin"],
  "app.read": ["owner", "admin", "developer", "viewer"],
  "app.register": ["owner", "admin", "developer"],
  "app.change": ["owner", "admin", "developer"],
  "app.secrets": ["owner", "admin", "developer"],
  "app.try": ["owner", "admin", "developer"],
  "app.submit": ["owner", "admin"],
  "app.suspend": ["owner", "admin"],
  "app.delete": ["owner", "admin"],
} as const satisfies Record<string, readonly TeamRole[]>;

export type TeamAction = keyof typeof MAY;

export const TEAM_ACTIONS = Object.keys(MAY) as TeamAction[];

export const may = (role: TeamRole, action: TeamAction): boolean => (MAY[action] as readonly TeamRole[]).includes(role);
