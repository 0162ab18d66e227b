import { type Client, createClient, createGuard, type Guard, type TokenResponse } from "@latchkey/sdk";
import type { Door } from "./house.ts";
import { requireLeft, requirePage, type Visit, Visitor } from "./visitor.ts";

export interface TestApp {
  clientId: string;
  clientSecret: string | undefined;
  redirectUri: string;
  /** The app's own server, by the SDK. */
  client: Client;
}

export interface TestInstallation {
  region: string;
  id: number;
  url: string;
}

export interface TestUser {
  id: number;
  email: string;
  password: string;
  installation: TestInstallation;
}

export const REDIRECT_URI = "https://app.example.com/callback";
export const PASSWORD = "correct horse battery staple";

/** What the tests of a journey begin with, made by the operator's API as an operator would. */
export const worldOf = (house: Door) => {
  let made = 0;

  async function created<T>(path: string, body: unknown): Promise<T> {
    const answer = await house.admin("POST", path, body);
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  return {
    /** An app that is live and trusted by nobody; `more` are members of wire section 8. */
    async registerApp(more: Record<string, unknown> = {}): Promise<TestApp> {
      const app = await created<{ clientId: string; clientSecret?: string; redirectUris: string[] }>("/apps", {
        name: "Example app",
        redirectUris: [REDIRECT_URI],
        scopes: ["projects"],
        ...more,
      });
      const redirectUri = app.redirectUris[0] ?? REDIRECT_URI;
      const { clientId, clientSecret } = app;
      return {
        clientId,
        clientSecret,
        redirectUri,
        client: createClient({
          issuer: house.config.url,
          clientId,
          ...(clientSecret !== undefined && { clientSecret }),
          redirectUri,
          fetch: (url, init) => house.fetch(String(url), init),
        }),
      };
    },

    async addInstallation(region = "US", more: Record<string, unknown> = {}): Promise<TestInstallation> {
      const url = `https://${region.toLowerCase()}-${++made}.example.com/`;
      const { id } = await created<{ id: number }>(`/regions/${region}/installations`, {
        name: `Acme ${region}`,
        url,
        ...more,
      });
      return { region, id, url };
    },

    async addUser(installation: TestInstallation, more: Record<string, unknown> = {}): Promise<TestUser> {
      const email = `dana${++made}@example.com`;
      const body = { email, password: PASSWORD, firstName: "Dana", lastName: "Lee", ...more };
      const user = await created<{ id: number; email: string }>(
        `/regions/${installation.region}/installations/${installation.id}/users`,
        body,
      );
      return { id: user.id, email: user.email, password: String(body.password), installation };
    },

    async addGuard(): Promise<Guard> {
      const credential = await created<{ id: string; secret: string }>("/api-credentials", { name: "api" });
      return createGuard({
        issuer: house.config.url,
        credential,
        fetch: (url, init) => house.fetch(String(url), init),
      });
    },
  };
};

/** Signs in on the page that the login shows, whatever comes next. */
export const signIn = async (
  visitor: Visitor,
  path: string,
  user: Pick<TestUser, "email" | "password">,
): Promise<Visit> =>
  visitor.submit(requirePage(await visitor.go(path)), { email: user.email, password: user.password });

/** The whole of steps one to three by a person who says yes to everything. */
export async function logIn(
  house: Door,
  app: TestApp,
  user: TestUser,
  options: Parameters<Client["startLogin"]>[0] = {},
  visitor = new Visitor(house),
) {
  const { url, ...expected } = await app.client.startLogin(options);
  return app.client.readCallback(await comeBack(house, url, user, visitor), expected);
}

/** From the login's address to the app's own, by a person who says yes to everything. */
export async function comeBack(
  house: Door,
  url: string,
  user: TestUser,
  visitor = new Visitor(house),
): Promise<string> {
  let visit = await visitor.go(url.slice(house.config.url.length));
  for (let steps = 0; !("left" in visit) && steps < 5; steps++) visit = await answer(visitor, visit, user);
  return requireLeft(visit).left;
}

function answer(visitor: Visitor, page: Exclude<Visit, { left: string }>, user: TestUser): Promise<Visit> {
  if (page.forms.some((form) => form.open.includes("password")))
    return visitor.submit(page, { email: user.email, password: user.password });
  const choice = `${user.installation.region}-${user.installation.id}`;
  const values = page.forms.flatMap((form) => form.buttons.map(({ value }) => value));
  if (values.includes(choice)) return visitor.submit(page, {}, choice);
  return visitor.submit(page, {}, "allow");
}

/** All five steps but the last: what the app has in its hands at the end. */
export const obtainToken = async (house: Door, app: TestApp, user: TestUser): Promise<TokenResponse> =>
  app.client.exchangeCode(await logIn(house, app, user));
