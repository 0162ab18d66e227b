import { createHash, randomBytes } from "node:crypto";
import { type Door, type FetchOptions, type House, type HouseOptions, openHouse } from "./house.ts";
import { requireLeft, requirePage, Visitor } from "./visitor.ts";
import { signIn, type TestApp, type TestUser, worldOf } from "./world.ts";

/** A house in which a code is one request away: somebody is signed in, and the app asks nothing. */
export interface Scene {
  house: House;
  world: ReturnType<typeof worldOf>;
  user: TestUser;
  /** Trusted, so that the login of `visitor` needs no page. */
  app: TestApp;
  /** The browser in which `user` is signed in. */
  visitor: Visitor;
}

export async function openScene(more: Record<string, unknown> = {}, options: HouseOptions = {}): Promise<Scene> {
  const house = await openHouse(options);
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation());
  const app = await world.registerApp({ trusted: true, ...more });
  return { house, world, user, app, visitor: await signedIn(house, world, user) };
}

/** A browser in which somebody has signed in, by an app of its own that nothing else goes by. */
export async function signedIn(house: Door, world: Scene["world"], user: TestUser): Promise<Visitor> {
  const visitor = new Visitor(house);
  requireLeft(
    await signIn(visitor, loginPath(await world.registerApp({ name: "Door", trusted: true })), user).then(choose),
  );
  return visitor;

  async function choose(visit: Awaited<ReturnType<typeof signIn>>) {
    if ("left" in visit) return visit;
    const choice = `${user.installation.region}-${user.installation.id}`;
    return visitor.submit(requirePage(visit), {}, choice);
  }
}

/** Step one's address; a parameter that is `undefined` is left out. */
export function loginPath(
  app: Pick<TestApp, "clientId" | "redirectUri">,
  parameters: Record<string, string | undefined> = {},
  door = "/launchpad/login",
): string {
  const all = { client_id: app.clientId, redirect_uri: app.redirectUri, ...parameters };
  const sent = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `${door}?${new URLSearchParams(sent)}`;
}

/** A fresh code, by the browser that is signed in. */
export async function newCode(
  { visitor }: Pick<Scene, "visitor">,
  app: Pick<TestApp, "clientId" | "redirectUri">,
  parameters: Record<string, string | undefined> = {},
): Promise<string> {
  const { left, answer } = requireLeft(await visitor.go(loginPath(app, parameters)));
  const code = answer.get("code");
  if (code === null) throw new Error(`The login answered ${left}`);
  return code;
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into any JSON, and fails where it is not what it says
  body: any;
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = response.headers.get("content-type")?.includes("json") === true;
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

/** What a confidential app sends to have a code exchanged. */
export const exchangeOf = (
  app: TestApp,
  code: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  client_id: app.clientId,
  ...(app.clientSecret !== undefined && { client_secret: app.clientSecret }),
  code,
  redirect_uri: app.redirectUri,
  ...more,
});

export const postJson = async (house: Door, path: string, body: unknown, options: FetchOptions = {}) =>
  answerOf(
    await house.fetch(path, {
      method: "POST",
      ...options,
      headers: { "content-type": "application/json", ...options.headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  );

export const postForm = async (
  house: Door,
  path: string,
  fields: Record<string, unknown> | string,
  options: FetchOptions = {},
) =>
  answerOf(
    await house.fetch(path, {
      method: "POST",
      ...options,
      headers: { "content-type": "application/x-www-form-urlencoded", ...options.headers },
      body: typeof fields === "string" ? fields : new URLSearchParams(fields as Record<string, string>).toString(),
    }),
  );

/** Step four at the guide's own door. */
export const exchange = (house: Door, fields: unknown, options: FetchOptions = {}) =>
  postJson(house, "/launchpad/v1/token.json", fields, options);

export const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;

/** Whether a token counts, as its holder would find out. */
export const isActive = async (house: Door, token: string): Promise<boolean> =>
  (await house.fetch("/launchpad/v1/userinfo.json", { headers: { authorization: `Bearer ${token}` } })).status === 200;

export function newPkce(): { verifier: string; challenge: string; parameters: Record<string, string> } {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  return { verifier, challenge, parameters: { code_challenge: challenge, code_challenge_method: "S256" } };
}
