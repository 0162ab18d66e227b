import type { Deps } from "../../deps.ts";
import type { DemoCredential } from "../../domain/demo/demo-file.ts";
import type { StartedLogin } from "../app-side-login.ts";
import type { Answer, AppRequest } from "../talk.ts";

/** A login of the demo app from its callback on. Its page carries it, sealed, so that no server has to keep it. */
export interface Progress {
  login: StartedLogin;
  code: string;
  /** Path and query of the callback. */
  target: string;
  /** Step four, when it is done. */
  exchanged?: Answer;
  /** Step five; is shown and not carried on. */
  called?: Answer;
}

const contextOf = (browser: string) => `demo progress ${browser}`;

export const sealProgress = (deps: Deps, browser: string, progress: Progress): string =>
  deps.keys.seal("form", progress, contextOf(browser));

export const openProgress = (deps: Deps, browser: string, sealed: string | undefined): Progress | undefined =>
  sealed === undefined ? undefined : (deps.keys.open("form", sealed, contextOf(browser)) as Progress | undefined);

/** Step four of the guide: the code, and who asks. */
export const exchangeRequest = (
  { config }: Pick<Deps, "config">,
  app: DemoCredential & { redirectUri: string },
  { code, login }: Pick<Progress, "code" | "login">,
): AppRequest => ({
  method: "POST",
  url: `${config.url}/launchpad/v1/token.json`,
  form: {
    code,
    client_id: app.clientId,
    client_secret: app.clientSecret,
    redirect_uri: app.redirectUri,
    code_verifier: login.codeVerifier,
  },
});

/** Step five of the guide: the API of the user's installation. `undefined` unless step four gave a token. */
export function apiRequest({ exchanged }: Pick<Progress, "exchanged">): AppRequest | undefined {
  if (exchanged?.status !== 200) return undefined;
  const { access_token, installation } = JSON.parse(exchanged.body);
  return { method: "GET", url: `${installation.apiEndPoint}me.json`, token: access_token };
}

/** The demo app calls the demo API and nobody else: what an operator enters as `apiEndPoint` is not asked from here. */
export const isDemoApi = ({ config }: Pick<Deps, "config">, { url }: AppRequest): boolean =>
  url.startsWith(`${config.url}/demo/`);
