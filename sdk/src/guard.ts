import { readIntrospection } from "./answers.ts";
import { AppLoginError } from "./errors.ts";
import { isBearerToken } from "./secrets.ts";
import { connect, type ServerAnswer, type ServerOptions } from "./server.ts";
import type { IntrospectionResponse } from "./wire.ts";

export interface GuardOptions extends ServerOptions {
  /** An API credential, made by the operator of the login server. */
  credential: { id: string; secret: string };
}

/** Whom a request comes from: which person, in which installation, in which region, through which app. */
export interface Bearer {
  region: string;
  installationId: number;
  userId: number;
  clientId: string;
  /** May be empty. */
  scopes: string[];
}

export type Guard = (authorization: string | null | undefined) => Promise<Bearer>;

/**
 * Protects your API: turns an `Authorization` header into the bearer it stands for.
 *
 * Asks the login server each time (RFC 7662), so a revoked token stops working at once. Whatever it cannot make sure
 * of it refuses.
 *
 * @example const bearer = await guard(request.headers.get("authorization"));
 * @throws {AppLoginError} from the guard, `toResponse` answers it:
 *   `invalid_token` (401), `temporarily_unavailable` (503: nobody knows whether the token is good),
 *   `server_error` (500: the guard itself is set up wrongly, or the server talks nonsense).
 * @throws {AppLoginError} from `createGuard`: `invalid_options`.
 */
export function createGuard(options: GuardOptions): Guard {
  const { id, secret } = options.credential;
  if (!id || !secret) throw new AppLoginError("invalid_options", "credential needs an id and a secret.");
  const basic = `Basic ${btoa(`${formEncode(id)}:${formEncode(secret)}`)}`;
  const server = connect(options);
  const realm = `Bearer realm="${server.issuer}"`;

  async function introspect(token: string): Promise<IntrospectionResponse> {
    const answer = await server.send({
      method: "POST",
      path: "/oauth2/introspect",
      headers: { authorization: basic },
      form: { token, token_type_hint: "access_token" },
      repeatable: true,
    });
    requireAnswered(answer);
    return readIntrospection(answer);
  }

  return async function guard(authorization) {
    const token = readBearerToken(authorization, realm);
    const found = await introspect(token).catch((error) => {
      throw asAnswered(error);
    });
    if (!found.active) throw invalidToken("The access token is not active.", realm);
    return {
      region: found.region,
      installationId: found.installation_id,
      userId: found.user_id,
      clientId: found.client_id,
      scopes: found.scope.split(" ").filter((scope) => scope !== ""),
    };
  };
}

/**
 * Lets pass whom the user granted this scope.
 *
 * @throws {AppLoginError} `insufficient_scope` (403, RFC 6750 §3.1)
 */
export function requireScope(bearer: Bearer, scope: string): void {
  if (bearer.scopes.includes(scope)) return;
  throw new AppLoginError("insufficient_scope", `This needs the scope ${scope}.`, {
    status: 403,
    wwwAuthenticate: `Bearer error="insufficient_scope", scope="${scope}"`,
  });
}

function readBearerToken(authorization: string | null | undefined, realm: string): string {
  // Who says nothing, or speaks another scheme, is told what to speak, without an error (RFC 6750 §3).
  if (typeof authorization !== "string" || !/^Bearer(\s|$)/i.test(authorization)) {
    throw new AppLoginError("invalid_token", "No bearer token was sent.", { status: 401, wwwAuthenticate: realm });
  }
  const token = authorization.replace(/^Bearer +/i, "");
  if (!isBearerToken(token)) throw invalidToken("The access token is malformed.", realm);
  return token;
}

const invalidToken = (description: string, realm: string): AppLoginError =>
  new AppLoginError("invalid_token", description, {
    status: 401,
    wwwAuthenticate: `${realm}, error="invalid_token", error_description="${description}"`,
  });

function requireAnswered({ status, requestId, retryAfterSeconds }: ServerAnswer): void {
  if (status === 200) return;
  if (status >= 500 || status === 429) {
    const description = `The login server answered HTTP ${status}.`;
    throw new AppLoginError("temporarily_unavailable", description, { requestId, retryAfterSeconds });
  }
  const description =
    status === 401 || status === 403
      ? "The login server refused the guard's own credential; check its id and secret."
      : `The login server answered an introspection with HTTP ${status}; check issuer.`;
  throw new AppLoginError("server_error", description, { requestId });
}

/**
 * A failed introspection as the API has to answer it. Never 401: the token may be good, and an app that is told
 * otherwise throws it away.
 */
function asAnswered(error: unknown): unknown {
  if (!(error instanceof AppLoginError)) return error;
  const { code, description, requestId, retryAfterSeconds } = error;
  if (code === "server_error") return new AppLoginError(code, description, { status: 500, requestId, cause: error });
  return new AppLoginError("temporarily_unavailable", description, {
    status: 503,
    requestId,
    retryAfterSeconds,
    cause: error,
  });
}

/** RFC 6749 §2.3.1: both halves of a Basic credential are form-encoded first. */
const formEncode = (text: string): string => new URLSearchParams({ "": text }).toString().slice(1);
