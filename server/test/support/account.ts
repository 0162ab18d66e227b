import { type House, openHouse } from "./house.ts";
import { type Page, requirePage, Visitor } from "./visitor.ts";
import { signIn, type TestUser, worldOf } from "./world.ts";

export const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
export const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

/** A house and somebody in it, with an account page before them. */
export async function openAccount(more: Record<string, unknown> = {}) {
  const house = await openHouse();
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation(), more);
  return { house, world, user, visitor: await enter(house, user) };
}

/** A browser of its own in which somebody has opened their account pages. */
export async function enter(
  house: House,
  user: Pick<TestUser, "email" | "password" | "installation">,
  userAgent = FIREFOX,
): Promise<Visitor> {
  const visitor = new Visitor(house, { headers: { "user-agent": userAgent } });
  const page = requirePage(await signIn(visitor, "/account", user));
  const choice = `${user.installation.region}-${user.installation.id}`;
  if (page.title.startsWith("Choose")) requirePage(await visitor.submit(page, {}, choice));
  return visitor;
}

export const open = async (visitor: Visitor, path: string): Promise<Page> => requirePage(await visitor.go(path));

/** Whether the pages of an account still open without a sign-in. */
export const isInside = async (visitor: Visitor): Promise<boolean> =>
  (await open(visitor, "/account")).title.startsWith("Your account");
