import { createHash } from "node:crypto";
import type { Deps } from "../deps.ts";
import { newSecret, sameText } from "../secrets.ts";
import type { Query } from "./query.ts";

/** The app's side of a login, for the apps that live in this server (the demo app and the portal): one that it started. */
export interface StartedLogin {
  state: string;
  codeVerifier: string;
  /** Where the app wants to go on afterwards. */
  to: string;
}

/** No login takes longer, for no code lives longer. */
const LIFETIME_SECONDS = 15 * 60;

/** Nothing is kept: the signature ties `state` to this browser's cookie, and the verifier follows from it. */
const sign = (deps: Deps, browser: string, text: string) => deps.keys.hmac("form", `app login ${browser} ${text}`);

const loginOf = (deps: Deps, browser: string, state: string): StartedLogin => ({
  state,
  codeVerifier: sign(deps, browser, `verifier ${state}`), // RFC 7636 §4.1
  to: statedTo(state),
});

/** What a state says of where to go on, whoever made it. */
export const statedTo = (state: string): string => Buffer.from(state.split(".")[2] ?? "", "base64url").toString("utf8");

/** @param browser this browser's id, which a cookie keeps. */
export function startLogin(deps: Deps, browser: string, to = ""): StartedLogin {
  const begun = `${deps.now()}.${newSecret().slice(0, 22)}.${Buffer.from(to).toString("base64url")}`;
  return loginOf(deps, browser, `${begun}.${sign(deps, browser, begun)}`);
}

function openState(deps: Deps, browser: string, state: string): StartedLogin | undefined {
  const [at = "", random = "", to = "", signature = "", ...more] = state.split(".");
  if (more.length > 0 || !sameText(signature, sign(deps, browser, `${at}.${random}.${to}`))) return undefined;
  return deps.now() < Number(at) + LIFETIME_SECONDS ? loginOf(deps, browser, state) : undefined;
}

/** Step one of the guide: where the app sends its user. */
export function loginUrl(
  deps: Pick<Deps, "config">,
  app: { clientId: string; redirectUri: string },
  { state, codeVerifier }: StartedLogin,
): string {
  const query = new URLSearchParams({
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    state,
    code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"), // RFC 7636 §4.2
    code_challenge_method: "S256",
  });
  return `${deps.config.url}/launchpad/login?${query}`;
}

/** What an app learns from the address that its user came back to: a code to exchange, or why there is none. */
export type Callback =
  | { login: StartedLogin; code: string }
  /** `refused`: by the login server itself, with this error. */
  | { login?: StartedLogin; problem: string; refused?: string };

/**
 * Step three of the guide, as each app should do it: `state` first, for without it anybody could have made this address
 * (RFC 6749 §10.12); then `iss` (RFC 9207 §2.4); only then what the server says.
 */
export function readCallback(deps: Deps, browser: string, query: Query): Callback {
  if (query.repeated.length > 0) return { problem: "A parameter is there twice. No login server sends that." };
  const login = openState(deps, browser, query.get("state") ?? "");
  if (!login)
    return {
      problem: "This app did not make this state, in this browser, within 15 minutes. Nothing else is believed.",
    };
  if (query.get("iss") !== deps.config.url) return { login, problem: "The answer is not of the login server asked." };
  const error = query.get("error");
  if (error === "access_denied") return { login, problem: "The user said no.", refused: error };
  if (error !== undefined) return { login, problem: `The login server refused: ${error}.`, refused: error };
  const code = query.get("code");
  return code ? { login, code } : { login, problem: "There is neither a code nor an error." };
}
