import { readTokenResponse, readUserInfo } from "./answers.ts";
import { type Callback, type ExpectedCallback, readCallback } from "./callback.ts";
import { AppLoginError } from "./errors.ts";
import { challengeOf, isBearerToken, newSecret } from "./secrets.ts";
import { connect, refusal, type ServerOptions } from "./server.ts";
import type { TokenResponse, UserInfo } from "./wire.ts";

export interface ClientOptions extends ServerOptions {
  clientId: string;
  /** Left out by public apps: in a browser, on a phone or on a desktop a secret is no secret. */
  clientSecret?: string;
  /** As registered with the app, byte for byte. */
  redirectUri: string;
  /** Sent as `Origin` when a token is asked for, by apps that list allowed origins. A browser sends its own. */
  origin?: string;
}

export interface LoginOptions {
  /** Skips the chooser if the user belongs to it: an id, or `REGION-ID` (`EU-12`). */
  installation?: number | string;
  /** Prefills the e-mail. */
  loginHint?: string;
  /** Space-separated: `select_account`, `consent`, `login`; `none` never shows a page. */
  prompt?: string;
  /** Languages by preference, space-separated (BCP 47). */
  uiLocales?: string;
  /** Space-separated. Left out: all scopes of the app. */
  scope?: string;
  /** Instead of the client's, e.g. with the port that a desktop app happens to listen on. */
  redirectUri?: string;
}

/** A login that was started. `state` and `codeVerifier` stay in this browser's session; only `url` goes out. */
export interface StartedLogin {
  url: string;
  state: string;
  codeVerifier: string;
}

export interface ExchangeOptions {
  /** Left out when a callback from `readCallback` brings it along. */
  codeVerifier?: string;
  /** The one given to `startLogin`, if one was. */
  redirectUri?: string;
}

export type Client = ReturnType<typeof createClient>;

/**
 * An app's side of the login, from the first redirect to the access token.
 *
 * Nothing is retried: `error.retryable` says where that would do no harm. The secret is nowhere in the object that is
 * returned, so it cannot be printed with it.
 *
 * @throws {AppLoginError} `invalid_options`
 * @example
 * const login = await client.startLogin();
 * const grant = await client.exchangeCode(client.readCallback(request.url, login));
 */
export function createClient(options: ClientOptions) {
  const { clientId, clientSecret, redirectUri, origin } = options;
  const server = connect(options);
  if (!clientId) throw new AppLoginError("invalid_options", "clientId is missing.");
  if (clientSecret === "")
    throw new AppLoginError("invalid_options", "clientSecret is empty; public apps leave it out.");
  if (!URL.canParse(redirectUri)) throw new AppLoginError("invalid_options", "redirectUri must be a full address.");

  const credential = { client_id: clientId, ...(clientSecret !== undefined && { client_secret: clientSecret }) };

  async function requestToken(form: Record<string, string>): Promise<TokenResponse> {
    const answer = await server.send({
      method: "POST",
      path: "/launchpad/v1/token.json",
      headers: origin === undefined ? {} : { origin },
      form: { ...form, ...credential },
      // A second exchange is a replay and ends the token of the first (RFC 6749 §4.1.2); a refresh token rotates.
      repeatable: false,
    });
    if (answer.status !== 200) throw refusal(answer, "invalid_client");
    return readTokenResponse(answer);
  }

  return {
    /** Makes the address to send the browser to, with a `state` and a PKCE challenge of its own (RFC 7636). */
    async startLogin(login: LoginOptions = {}): Promise<StartedLogin> {
      const state = newSecret();
      const codeVerifier = newSecret();
      const url = new URL("/launchpad/login", server.issuer);
      const query: Record<string, string | number | undefined> = {
        client_id: clientId,
        redirect_uri: login.redirectUri ?? redirectUri,
        response_type: "code",
        state,
        code_challenge: await challengeOf(codeVerifier),
        code_challenge_method: "S256",
        installation: login.installation,
        login_hint: login.loginHint,
        prompt: login.prompt,
        ui_locales: login.uiLocales,
        scope: login.scope,
      };
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined) url.searchParams.set(name, String(value));
      }
      return { url: url.href, state, codeVerifier };
    },

    /**
     * Checks the address that the browser came back to against what this browser's session remembers.
     *
     * @throws {AppLoginError} `state_mismatch`, `issuer_mismatch`, `missing_code`, `invalid_request`, or the error that
     *   the server sent along: `access_denied` when the user said no.
     */
    readCallback(url: string | URL, expected: ExpectedCallback | undefined): Callback {
      return readCallback(url, expected, { issuer: server.issuer, redirectUri });
    },

    /**
     * Trades the code for the access token and all that comes with it. A code works once: forget it whatever happens.
     *
     * @throws {AppLoginError} `invalid_grant`, `invalid_client`, `origin_not_allowed`, … as the server says;
     *   `server_error` also for an `apiEndPoint` that the token must not be sent to.
     */
    exchangeCode(codeOrCallback: string | Callback, exchange: ExchangeOptions = {}): Promise<TokenResponse> {
      const callback: { code: string; codeVerifier?: string } =
        typeof codeOrCallback === "string" ? { code: codeOrCallback } : codeOrCallback;
      const codeVerifier = exchange.codeVerifier ?? callback.codeVerifier;
      return requestToken({
        grant_type: "authorization_code",
        code: callback.code,
        redirect_uri: exchange.redirectUri ?? redirectUri,
        ...(codeVerifier !== undefined && { code_verifier: codeVerifier }),
      });
    },

    /**
     * A new pair, for apps with expiring tokens. The refresh token given is used up: keep the one in the answer.
     *
     * @throws {AppLoginError} `invalid_grant`: ended, late or used before; the user has to log in again.
     */
    refresh(refreshToken: string): Promise<TokenResponse> {
      return requestToken({ grant_type: "refresh_token", refresh_token: refreshToken });
    },

    /** Ends an access or refresh token of this app (RFC 7009). One that has ended already is no error. */
    async revoke(token: string): Promise<void> {
      const answer = await server.send({
        method: "POST",
        path: "/oauth2/revoke",
        form: { token, ...credential },
        repeatable: true,
      });
      if (answer.status !== 200) throw refusal(answer, "invalid_client");
    },

    /**
     * Who the token stands for, now.
     *
     * @throws {AppLoginError} `invalid_token`: revoked, or its user is gone.
     */
    async userInfo(token: string): Promise<UserInfo> {
      if (!isBearerToken(token)) throw new AppLoginError("invalid_token", "That is no access token.");
      const answer = await server.send({
        method: "GET",
        path: "/launchpad/v1/userinfo.json",
        headers: { authorization: `Bearer ${token}` },
        repeatable: true,
      });
      if (answer.status !== 200) throw refusal(answer, "invalid_token");
      return readUserInfo(answer);
    },
  };
}
