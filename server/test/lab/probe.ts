import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@latchkey/sdk";
import { type Page, Visitor } from "../support/visitor.ts";
import type { Lab } from "./lab.ts";
import { reach } from "./reach.ts";
import type { ServerProcess } from "./server-process.ts";

/** Longer than anything here should take; then whoever asks hears that nobody answered. */
const PATIENCE_MILLISECONDS = 10_000;

/** Somebody of the demo world. */
export interface Person {
  email: string;
  password: string;
  /** `US-1` … */
  installations: readonly string[];
}

/** What `demo.json` tells. */
export interface World {
  apps: [{ clientId: string; clientSecret: string; redirectUris: string[] }];
  users: Person[];
}

export const readWorld = (lab: Lab): World => JSON.parse(readFileSync(join(lab.data, "demo.json"), "utf8"));

/** The first person who is in this region only. */
export const residentOf = (world: World, region: string): Person | undefined =>
  world.users.find(
    ({ installations: [one, ...others] }) => one?.startsWith(`${region}-`) === true && others.length === 0,
  );

/** Signs in with a password, says yes to everything, and trades the code: steps one to four. @throws {Error} saying what answered instead. */
export async function logInOnce(lab: Lab, server: ServerProcess, world: World, person: Person): Promise<string> {
  const house = reach(lab, server, AbortSignal.timeout(PATIENCE_MILLISECONDS));
  const [{ clientId, clientSecret, redirectUris }] = world.apps;
  const redirectUri = redirectUris.find((uri) => uri.startsWith("http://localhost:3000/")) ?? "";
  const fetch = (url: string | URL | Request, init?: RequestInit) => house.fetch(String(url), init);
  const client = createClient({ issuer: lab.url, clientId, clientSecret, redirectUri, fetch });
  const visitor = new Visitor(house);
  const login = await client.startLogin();
  let visit = await visitor.go(login.url.slice(lab.url.length));
  for (let steps = 0; !("left" in visit) && steps < 4; steps++) visit = await answer(visitor, visit, person);
  if (!("left" in visit)) throw new Error(`${visit.status} ${visit.title}`);
  return (await client.exchangeCode(client.readCallback(visit.left, login))).access_token;
}

function answer(visitor: Visitor, page: Page, { email, password, installations }: Person) {
  if (page.status >= 400) throw new Error(`${page.status} ${page.title}`);
  if (page.forms.some((form) => form.open.includes("password"))) return visitor.submit(page, { email, password });
  const values = page.forms.flatMap((form) => form.buttons.map(({ value }) => value));
  return visitor.submit(page, {}, values.find((value) => installations.includes(value)) ?? "allow");
}

/** What an API's check of a token is answered with. */
export const checkOnce = async (lab: Lab, server: ServerProcess, token: string): Promise<number> => {
  const house = reach(lab, server, AbortSignal.timeout(PATIENCE_MILLISECONDS));
  const headers = { authorization: `Bearer ${token}` };
  return (await house.fetch("/launchpad/v1/userinfo.json", { headers })).status;
};

/** What `/health/ready` says of each region; `undefined` when nobody answers. */
export async function readyStates(
  lab: Lab,
  server: ServerProcess,
): Promise<{ directory: string; regions: { name: string; state: string }[] } | undefined> {
  try {
    const answer = await reach(lab, server, AbortSignal.timeout(PATIENCE_MILLISECONDS)).fetch("/health/ready");
    return await answer.json();
  } catch {
    return undefined;
  }
}
