import { createClient } from "@latchkey/sdk";
import type { House } from "./house.ts";
import { postForm } from "./portal.ts";
import { open, openPortal } from "./portal-scene.ts";
import { type Page, requirePage, type Visit, type Visitor } from "./visitor.ts";
import { comeBack, REDIRECT_URI } from "./world.ts";

/** A developer with an app in development, and the page that tries it. */
export async function openTrial(platform = "web") {
  const scene = await openPortal();
  const { clientId, page: registered } = await scene.registerApp("Planner", platform);
  const path = `/portal/apps/${clientId}/try`;
  return {
    ...scene,
    clientId,
    /** Of the app's own server, if it has one. */
    clientSecret: /<code id="fresh-secret">(lks_[^<]+)</.exec(registered.html)?.[1],
    path,
    begin: (fill: Record<string, string> = {}) => beginTrial(scene.visitor, path, fill),
    act: (page: Page, act: string) => actOf(scene.visitor, page, act),
    /** The address of the portal that a try comes back to, not yet opened. */
    callback: (visitor = scene.visitor) => callbackOf(scene.house, visitor, path),
  };
}

/** From the portal's form to the page of the login that came back, as the sandbox's first test user who says yes. */
export async function beginTrial(visitor: Visitor, path: string, fill: Record<string, string> = {}): Promise<Page> {
  const front = requirePage(await visitor.go(path));
  let visit: Visit = await postForm(visitor, front, path, { mode: "redirect", ...fill });
  const password = /password <code>([^<]+)</.exec(front.html)?.[1] ?? "";
  for (let steps = 0; steps < 4; steps++) {
    const page = requirePage(visit);
    const signIn = page.forms.find(({ open }) => open.includes("password"));
    if (signIn) visit = await visitor.post(signIn.action, { ...signIn.fields, password });
    else if (page.forms.some(({ buttons }) => buttons.some(({ value }) => value === "allow")))
      visit = await visitor.submit(page, {}, fill.mode === "deny" ? "deny" : "allow");
    else return page;
  }
  return requirePage(visit);
}

/** Presses a button of the page. */
export const actOf = async (visitor: Visitor, page: Page, act: string): Promise<Page> =>
  requirePage(await postForm(visitor, page, new URL(page.url).pathname, { act }));

/** Where an address of the house leads to, without going there. */
export async function redirectOf(house: House, visitor: Visitor, path: string, form?: Record<string, string>) {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const answer = await house.fetch(path, {
    method: form ? "POST" : "GET",
    headers: {
      cookie,
      origin: new URL(house.config.url).origin,
      ...(form && { "content-type": "application/x-www-form-urlencoded" }),
    },
    ...(form && { body: new URLSearchParams(form).toString() }),
  });
  return answer.headers.get("location") ?? "";
}

/** The address that a try begins at, not yet opened; it asks for consent each time. */
export async function startOf(house: House, visitor: Visitor, path: string): Promise<string> {
  const front = await open(visitor, path);
  const fields = front.forms.find(({ action }) => action === path)?.fields ?? {};
  const address = await redirectOf(house, visitor, path, { ...fields, mode: "deny" });
  return address.slice(house.config.url.length);
}

async function callbackOf(house: House, visitor: Visitor, path: string): Promise<string> {
  const page = requirePage(await visitor.go(await startOf(house, visitor, path)));
  const password = /password <code>([^<]+)</.exec((await open(visitor, path)).html)?.[1] ?? "";
  const next = requirePage(await visitor.post(page.forms[0]?.action ?? "", { ...page.forms[0]?.fields, password }));
  const consent = next.forms.find(({ buttons }) => buttons.some(({ value }) => value === "allow"));
  if (!consent) throw new Error(`The login stays at "${next.title}".`);
  return redirectOf(house, visitor, consent.action, { ...consent.fields, decision: "allow" });
}

/** What the app's own server sends to exchange the code of the sandbox's first user, who logs in to the app itself. */
export async function ownCode(scene: Awaited<ReturnType<typeof openTrial>>): Promise<Record<string, string>> {
  const { house, visitor, clientId, path } = scene;
  const credentials = await open(visitor, path.replace(/try$/, "credentials"));
  await visitor.submit(credentials, { redirectUri: REDIRECT_URI });
  const client = createClient({ issuer: house.config.url, clientId, redirectUri: REDIRECT_URI });
  const login = await client.startLogin();
  const front = await open(visitor, path);
  const [, email = "", password = ""] =
    /<code>(ada[^<]+)<\/code> with the password <code>([^<]+)</.exec(front.html) ?? [];
  const user = { id: 0, email, password, installation: { region: "US", id: 0, url: "" } };
  const { code, codeVerifier = "" } = client.readCallback(await comeBack(house, login.url, user), login);
  return { code, code_verifier: codeVerifier, redirect_uri: REDIRECT_URI };
}
