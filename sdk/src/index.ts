/** The doors of @latchkey/sdk: `createClient` for apps, `createGuard` for APIs. */
export type { Callback, ExpectedCallback } from "./callback.ts";
export {
  type Client,
  type ClientOptions,
  createClient,
  type ExchangeOptions,
  type LoginOptions,
  type StartedLogin,
} from "./client.ts";
export { AppLoginError, type AppLoginErrorCode, type AppLoginErrorExtras, type ProtocolErrorCode } from "./errors.ts";
export { type Bearer, createGuard, type Guard, type GuardOptions, requireScope } from "./guard.ts";
export { toResponse } from "./response.ts";
export type { Fetch } from "./server.ts";
export type {
  ActiveToken,
  ErrorResponse,
  IntrospectionResponse,
  TokenResponse,
  UserInfo,
  WireCompany,
  WireInstallation,
  WireUser,
} from "./wire.ts";
