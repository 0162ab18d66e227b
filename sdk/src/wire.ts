/**
 * What a Latchkey server says, exactly as it is on the wire: names are the wire's own, times are whole seconds since
 * 1970 UTC, ids are integers from 1 to 2^31-1 that are unique across all regions and never change.
 */

/** A company as users and installations name it. `logo` is an address, or empty. */
export interface WireCompany {
  id: number;
  name: string;
  logo: string;
}

/** The place a user belongs to, and where its data lives. */
export interface WireInstallation {
  id: number;
  name: string;
  /** The region's name, e.g. `US`. */
  region: string;
  /** Where people use it. Ends with `/`. */
  url: string;
  /** Where your app calls its API with the access token. Ends with `/`. */
  apiEndPoint: string;
  /** An address, or empty. */
  logo: string;
  loginStartText: string;
  projectsEnabled: boolean;
  deskEnabled: boolean;
  chatEnabled: boolean;
  company: WireCompany;
}

/** A person in one installation. */
export interface WireUser {
  id: number;
  firstName: string;
  lastName: string;
  email: string;
  /** An address, or empty. */
  avatar: string;
  company: WireCompany;
}

/** The answer to a code exchange and to a refresh (RFC 6749 §5.1). */
export interface TokenResponse {
  /** `tkn.v1_…`. Permanent until revoked, unless `expires_in` is there. Keep it as you would keep a password. */
  access_token: string;
  token_type: "Bearer";
  status: "ok";
  /** What was granted, space-separated; may be empty. */
  scope: string;
  installation: WireInstallation;
  user: WireUser;
  /** Seconds; only for apps with expiring tokens. */
  expires_in?: number;
  /** Only for apps with expiring tokens. Each one works once: keep the newest. */
  refresh_token?: string;
  /** Only when the scope `openid` was asked for. */
  id_token?: string;
}

/** The answer of `GET /launchpad/v1/userinfo.json`. */
export interface UserInfo {
  /** The user's id as a string. */
  sub: string;
  user_id: number;
  /** The same as `user_id`. */
  id: number;
  installation_id: number;
  region: string;
  /** The same as `region`. */
  awsRegion: string;
  url: string;
  /** Ends with `/`. */
  apiEndPoint: string;
  client_id: string;
  email: string;
  firstName: string;
  lastName: string;
  meta: { scopes: string[] };
}

/** A token that may be used, as introspection describes it (RFC 7662 §2.2). */
export interface ActiveToken {
  active: true;
  token_type: "Bearer";
  client_id: string;
  /** The user's id as a string. */
  sub: string;
  user_id: number;
  installation_id: number;
  region: string;
  /** Space-separated; may be empty. */
  scope: string;
  iat: number;
  /** Only for tokens that expire. */
  exp?: number;
}

/** The answer of `POST /oauth2/introspect`. Why a token is inactive is never said (RFC 7662 §2.2). */
export type IntrospectionResponse = ActiveToken | { active: false };

/** The body of every refusal (RFC 6749 §5.2). `message` and `status` are there for older clients. */
export interface ErrorResponse {
  error: string;
  error_description: string;
  message: string;
  status: "error";
}
