import type { Deps } from "../../deps.ts";
import type { App } from "../../domain/apps/registry.ts";
import { trialRedirectUri } from "../../domain/trials/trial-login.ts";
import { newTrialSecret } from "../../domain/trials/trial-secret.ts";
import type { Trial } from "../../domain/trials/trials.ts";
import type { Answer, AppRequest } from "../talk.ts";

/** What can be asked once somebody logged in, by its name in the form. */
export const ACTS = [
  "exchange",
  "wrong-secret",
  "wrong-verifier",
  "wrong-redirect-uri",
  "no-origin",
  "expire",
  "reuse",
  "userinfo",
  "api",
  "introspect",
  "revoke",
] as const;
export type Act = (typeof ACTS)[number];

/** One request of a trial. Its secret is not kept. */
export interface Asked {
  act: Act;
  at: number;
  milliseconds?: number;
  request: AppRequest;
  /** Absent while it is under way, and for good when the server was stopped meanwhile. */
  answer?: Answer;
}

type OwnTrial = Trial<Asked>;

/** Acts that send the code. */
const EXCHANGES = ACTS.slice(0, 7);

export const isExchange = (act: Act): boolean => EXCHANGES.includes(act);

/** What the exchange gave, once it went well. `values` are not to be shown unasked. */
export function grantIn({ asked }: OwnTrial): { token: string; apiEndPoint: string; values: string[] } | undefined {
  const given = asked.find(({ act, answer }) => isExchange(act) && answer?.status === 200)?.answer;
  if (!given) return undefined;
  const { access_token: token, refresh_token: refresh, id_token: id, installation } = JSON.parse(given.body);
  const values = [token, refresh, id].filter((value) => typeof value === "string");
  return { token, apiEndPoint: installation.apiEndPoint, values };
}

/** Nobody asks more by hand. */
const ASKED_MAX = 40;

/** Whether a code is being exchanged right now, or was: a second time would end its token. */
const isExchangeTried = ({ asked }: OwnTrial): boolean =>
  asked.some(({ act, answer }) => act === "exchange" && (!answer || answer.status === 200));

/** What makes sense now, in the order in which it is offered. */
export function actsNow(deps: Deps, app: App, trial: OwnTrial): Act[] {
  if (trial.asked.length >= ASKED_MAX) return [];
  const grant = grantIn(trial);
  const confidential = app.kind === "confidential";
  if (grant)
    return [
      "userinfo",
      ...(isOwnApi(deps, grant.apiEndPoint) ? (["api"] as const) : []),
      ...(confidential ? (["introspect"] as const) : []),
      "reuse",
      "revoke",
    ];
  if (!trial.code || isExchangeTried(trial)) return [];
  const late = trial.code.expiresAt <= deps.now();
  return [
    "exchange",
    ...(confidential ? (["wrong-secret"] as const) : []),
    "wrong-redirect-uri",
    "wrong-verifier",
    ...(app.allowedOrigins.length > 0 ? (["no-origin"] as const) : []),
    ...(late ? [] : (["expire"] as const)),
  ];
}

/** The portal calls its own API and nobody else's: what an operator enters as `apiEndPoint` is not asked from here. */
const isOwnApi = ({ config }: Deps, url: string) =>
  url.startsWith(`${config.url}/sandbox/`) || url.startsWith(`${config.url}/demo/`);

/** The request itself, with a secret made for this one login. */
export function requestOf(deps: Deps, app: App, trial: OwnTrial, act: Act): AppRequest {
  const { url } = deps.config;
  const token = grantIn(trial)?.token ?? "";
  const secret = app.kind === "public" ? {} : { client_secret: newTrialSecret(deps, app.clientId, trial.trialId) };
  const credential = { client_id: app.clientId, ...secret };
  switch (act) {
    case "userinfo":
      return { method: "GET", url: `${url}/launchpad/v1/userinfo.json`, token };
    case "api":
      return { method: "GET", url: `${grantIn(trial)?.apiEndPoint ?? ""}me.json`, token };
    case "introspect":
      return { method: "POST", url: `${url}/oauth2/introspect`, form: { token, ...credential } };
    case "revoke":
      return { method: "POST", url: `${url}/oauth2/revoke`, form: { token, ...credential } };
    default: {
      const [origin] = act === "no-origin" ? [] : app.allowedOrigins; // the first will do for a server
      return {
        method: "POST",
        url: `${url}/launchpad/v1/token.json`,
        ...(origin !== undefined && { origin }),
        form: {
          code: trial.code?.text ?? "",
          ...credential,
          ...(act === "wrong-secret" && { client_secret: "lks_this-is-another-secret" }),
          redirect_uri: act === "wrong-redirect-uri" ? `${trialRedirectUri(deps)}/elsewhere` : trialRedirectUri(deps),
          code_verifier:
            act === "wrong-verifier" ? "this-verifier-belongs-to-another-login-of-this-app" : trial.codeVerifier,
        },
      };
    }
  }
}

/** What is remembered of a request. */
export const withoutSecret = (request: AppRequest): AppRequest =>
  request.form?.client_secret === undefined ? request : { ...request, form: { ...request.form, client_secret: "" } };
