import type { House } from "./house.ts";
import { openMailbox } from "./mailbox.ts";
import { type Page, requirePage, Visitor } from "./visitor.ts";

export const OPEN = { settings: { LATCHKEY_SIGN_UP: "developers" } };

let made = 0;

export const newEmail = (): string => `newcomer${++made}@example.com`;

/** Types the e-mail and chooses the region. @returns what is then before the visitor: the page that asks for the code */
export async function askForCode(visitor: Visitor, email: string, region = "US"): Promise<Page> {
  const front = requirePage(await visitor.go("/portal/sign-up"));
  return requirePage(await visitor.submit(front, { email, region }));
}

/** The code that was mailed last to that address. */
export async function codeFor(house: House, email: string): Promise<string> {
  const { subject } = await openMailbox(house).newest(email);
  const [code] = /^\d{8}(?= )/.exec(subject) ?? [];
  if (code === undefined) throw new Error(`The mail to ${email} is "${subject}".`);
  return code;
}

/** Another code than that one. */
export const wrongCode = (code: string): string => String((Number(code) + 1) % 10 ** 8).padStart(8, "0");

/** As far as the page that asks for a name and a password. */
export async function proveEmail(house: House, visitor: Visitor, email: string, region = "US"): Promise<Page> {
  const page = await askForCode(visitor, email, region);
  return requirePage(await visitor.submit(page, { code: await codeFor(house, email) }));
}

export const PASSWORD = "seven tidy giraffes";
export const DRAFT = { firstName: "Nova", lastName: "Comer", password: PASSWORD, teamName: "Comets" };

/** All of it: somebody new who stands in the portal. */
export async function signUp(house: House, email = newEmail(), region = "US") {
  const visitor = new Visitor(house);
  const form = await proveEmail(house, visitor, email, region);
  const page = requirePage(await visitor.submit(form, DRAFT));
  return { visitor, email, page, team: new URL(page.url).pathname };
}
