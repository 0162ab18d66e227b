import { auditEntry } from "../../src/domain/audit.ts";
import { type HouseOptions, openHouse } from "./house.ts";
import { type Page, requirePage, Visitor } from "./visitor.ts";
import { signIn, worldOf } from "./world.ts";

export type PortalScene = Awaited<ReturnType<typeof openPortal>>;

/** A developer who is signed in to the portal, with a team of their own. */
export async function openPortal(options: HouseOptions = {}) {
  const house = await openHouse(options);
  const world = worldOf(house);
  const installation = await world.addInstallation();
  const developer = await world.addUser(installation);
  const visitor = new Visitor(house);
  const front = requirePage(await signIn(visitor, "/portal", developer));
  const team = requirePage(await visitor.submit(front, { name: "Makers" }));
  const teamId = team.url.split("/").at(-1) ?? "";

  /** Somebody else who is signed in; in the team, if a role is given. */
  async function another(role?: "admin" | "developer" | "viewer") {
    const user = await world.addUser(installation);
    const { accountId = "", accountRegion = "US" } =
      (await house.deps.regions.require("US").store.users.find(installation.id, user.id)) ?? {};
    const member = { teamId, accountId, accountRegion, role: role ?? "viewer", createdAt: house.deps.now() } as const;
    if (role)
      await house.deps.directory.teams.addMember(member, auditEntry("test", "team.join", teamId, member.createdAt));
    const someone = new Visitor(house);
    await signIn(someone, "/portal", user);
    return { visitor: someone, user, accountId };
  }

  async function registerApp(name = "Planner", platform = "web"): Promise<{ clientId: string; page: Page }> {
    const form = requirePage(await visitor.go(`/portal/teams/${teamId}/new-app`));
    const page = requirePage(await visitor.submit(form, { name, platform }));
    return { clientId: new URL(page.url).pathname.split("/")[3] ?? "", page };
  }

  return { house, world, installation, developer, visitor, teamId, another, registerApp };
}

export const open = async (visitor: Visitor, path: string): Promise<Page> => requirePage(await visitor.go(path));
