/** What snippets are filled in with. Never a secret: programs find theirs in the environment. */
export interface AppValues {
  /** The login server. */
  url: string;
  clientId: string;
  /** The one to be used; an example where none is registered. */
  redirectUri: string;
  /** It has a secret. */
  confidential: boolean;
  /** One that exchanges must come from, where the app lists any. */
  origin: string | undefined;
}

/** The name of the environment variable that holds the secret. */
export const SECRET = "LATCHKEY_CLIENT_SECRET";

export interface Snippet {
  /** Names its place on the page. */
  id: string;
  title: string;
  /** What is needed and where it goes. */
  words: string;
  text: string;
}

const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::(\d+))?(?=[/?]|$)/;

/** Where a server of one's own must listen for its user to come back to it. */
export const portOf = (redirectUri: string): string => LOOPBACK.exec(redirectUri)?.[1] ?? "3000";

export const isLoopback = (redirectUri: string): boolean => LOOPBACK.test(redirectUri);

/** Browsers keep a cookie with `Secure` from https only. */
export const isSecure = ({ redirectUri }: AppValues): boolean => redirectUri.startsWith("https:");

/**
 * The path of the callback, if a web framework takes it as it stands: elsewhere `:id` or `*` would mean something.
 */
export function plainPath({ redirectUri }: AppValues): string | undefined {
  const path = URL.parse(redirectUri)?.pathname ?? "";
  return /^\/[\w./~-]*$/.test(path) ? path : undefined;
}
