import { isSecure } from "./addresses.ts";
import { isBearerToken } from "./secrets.ts";
import { isObject, nonsense, type ServerAnswer } from "./server.ts";
import type {
  ActiveToken,
  IntrospectionResponse,
  TokenResponse,
  UserInfo,
  WireCompany,
  WireInstallation,
  WireUser,
} from "./wire.ts";

/** @throws {AppLoginError} `server_error`: no token answer, or one that would send the token where it can be read. */
export function readTokenResponse(answer: ServerAnswer): TokenResponse {
  const grant = read(answer, TOKEN_RESPONSE);
  requireSecureEndPoint(answer, grant.installation.apiEndPoint);
  return grant;
}

/** @throws {AppLoginError} `server_error`: no user info, or one that would send the token where it can be read. */
export function readUserInfo(answer: ServerAnswer): UserInfo {
  const info = read(answer, USER_INFO);
  requireSecureEndPoint(answer, info.apiEndPoint);
  return info;
}

/** @throws {AppLoginError} `server_error`: not an introspection answer. */
export function readIntrospection(answer: ServerAnswer): IntrospectionResponse {
  if (isObject(answer.body) && answer.body.active === false) return { active: false };
  return read(answer, ACTIVE_TOKEN);
}

function requireSecureEndPoint(answer: ServerAnswer, apiEndPoint: string): void {
  if (isSecure(apiEndPoint)) return;
  throw nonsense(answer, "apiEndPoint is neither https nor on this machine: the access token must not be sent there.");
}

/** What a member must be. A shape that does not fit its wire type does not compile. */
type Rule<T> = [T] extends [string]
  ? "text" | "token" | "region" | `=${string}`
  : [T] extends [number]
    ? "id" | "seconds"
    : [T] extends [boolean]
      ? "flag" | "=true"
      : [T] extends [string[]]
        ? "texts"
        : Shape<T>;
type Shape<T> = {
  [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K> ? { optional: Rule<NonNullable<T[K]>> } : Rule<T[K]>;
};

const COMPANY: Shape<WireCompany> = { id: "id", name: "text", logo: "text" };

const INSTALLATION: Shape<WireInstallation> = {
  id: "id",
  name: "text",
  region: "region",
  url: "text",
  apiEndPoint: "text",
  logo: "text",
  loginStartText: "text",
  projectsEnabled: "flag",
  deskEnabled: "flag",
  chatEnabled: "flag",
  company: COMPANY,
};

const USER: Shape<WireUser> = {
  id: "id",
  firstName: "text",
  lastName: "text",
  email: "text",
  avatar: "text",
  company: COMPANY,
};

const TOKEN_RESPONSE: Shape<TokenResponse> = {
  access_token: "token",
  token_type: "=Bearer", // RFC 6749 §7.1: a token of a type one does not know must not be used
  status: "=ok",
  scope: "text",
  installation: INSTALLATION,
  user: USER,
  expires_in: { optional: "seconds" },
  refresh_token: { optional: "token" },
  id_token: { optional: "text" },
};

const USER_INFO: Shape<UserInfo> = {
  sub: "text",
  user_id: "id",
  id: "id",
  installation_id: "id",
  region: "region",
  awsRegion: "region",
  url: "text",
  apiEndPoint: "text",
  client_id: "text",
  email: "text",
  firstName: "text",
  lastName: "text",
  meta: { scopes: "texts" },
};

const ACTIVE_TOKEN: Shape<ActiveToken> = {
  active: "=true",
  token_type: "=Bearer",
  client_id: "text",
  sub: "text",
  user_id: "id",
  installation_id: "id",
  region: "region",
  scope: "text",
  iat: "seconds",
  exp: { optional: "seconds" },
};

function read<T>(answer: ServerAnswer, shape: Shape<T>): T {
  if (!isObject(answer.body)) throw nonsense(answer, "The server's answer is not a JSON object.");
  const problem = problemOf(answer.body, shape, "");
  if (problem !== undefined) throw nonsense(answer, `The server's answer has no usable ${problem}.`);
  return answer.body as T; // every member was checked just now
}

/** The path of the first member that does not fit. */
function problemOf(value: Record<string, unknown>, shape: object, path: string): string | undefined {
  for (const [name, rule] of Object.entries(shape)) {
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (isObject(rule) && "optional" in rule) {
      if (member !== undefined && !fits(member, rule.optional)) return path + name;
    } else if (isObject(rule)) {
      if (!isObject(member)) return path + name;
      const problem = problemOf(member, rule, `${path}${name}.`);
      if (problem !== undefined) return problem;
    } else if (!fits(member, rule)) return path + name;
  }
  return undefined;
}

const ID_MAX = 2 ** 31 - 1;

function fits(value: unknown, rule: unknown): boolean {
  switch (rule) {
    case "text":
      return typeof value === "string";
    case "token":
      return isBearerToken(value);
    case "region":
      return typeof value === "string" && /^[A-Z][A-Z0-9]{1,15}$/.test(value);
    case "id":
      return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= ID_MAX;
    case "seconds":
      return Number.isSafeInteger(value) && Number(value) >= 0;
    case "flag":
      return typeof value === "boolean";
    case "texts":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "=true":
      return value === true;
    default:
      return typeof value === "string" && `=${value}` === rule;
  }
}
