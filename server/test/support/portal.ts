import type { House } from "./house.ts";
import { type Page, requirePage, Visitor } from "./visitor.ts";
import { signIn, type TestUser, worldOf } from "./world.ts";

/** Somebody signed in to the portal. */
export interface Developer {
  visitor: Visitor;
  user: TestUser;
}

let made = 0;

export async function newDeveloper(house: House, region = "US"): Promise<Developer> {
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation(region), { email: `dev${++made}@example.com` });
  const visitor = new Visitor(house);
  requirePage(await signIn(visitor, "/portal", user));
  return { visitor, user };
}

/** Makes a team as its form does. @returns its path: `/portal/teams/…` */
export async function newTeam({ visitor }: Developer, name = "Rockets"): Promise<string> {
  const form = requirePage(await visitor.go("/portal/new-team"));
  return new URL(requirePage(await visitor.submit(form, { name })).url).pathname;
}

/** The form of a page that posts there and holds these hidden values, sent with more. */
export function postForm(
  visitor: Visitor,
  page: Page,
  action: string,
  fill: Record<string, string> = {},
  holding: Record<string, string> = {},
) {
  const form = page.forms.find(
    (one) => one.action === action && Object.entries(holding).every(([name, value]) => one.fields[name] === value),
  );
  if (!form) throw new Error(`The page "${page.title}" has no form to ${action}.`);
  return visitor.post(form.action, { ...form.fields, ...fill });
}
