/**
 * Redirection URIs: which may be registered, and which registered one a request means (wire section 7).
 *
 * They are compared byte for byte (RFC 6749 §3.1.2.3, RFC 9700 §4.1.3), so they are registered in the one spelling that
 * browsers use, and only there are they parsed.
 */

const LENGTH_MAX = 2_048;

/** Schemes that a browser or a system would run, read locally, or hand to something that is no app. So does `ms-*`. */
const FORBIDDEN_SCHEMES: ReadonlySet<string> = new Set(
  `javascript data vbscript file blob about ws wss ftp ftps filesystem view-source intent mailto tel sms urn jar
   resource chrome chrome-extension moz-extension`.split(/\s+/),
);

/** What the server itself appends to a redirect URI (`error` and its description apart, which end no exchange). */
const APPENDED: ReadonlySet<string> = new Set(["code", "state", "client_id", "iss"]);
const RESERVED = [...APPENDED, "error"];

const CHROME_EXTENSION_HOST = /^[a-p]{32}\.chromiumapp\.org$/;
const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?::([1-9]\d{0,4}))?((?:[/?].*)?)$/s;

export interface RedirectUriRules {
  /** Plain `http:` on other hosts than loopback (`LATCHKEY_PLAIN_HTTP_REDIRECTS`). */
  plainHttp: boolean;
}

/**
 * Why a redirect URI may not be registered, as a sentence, or `undefined` when it may.
 *
 * @example redirectUriProblem("myapp://done", { plainHttp: false }) // undefined
 * @example redirectUriProblem("http://example.com/cb", { plainHttp: false }) // "Use https, or http on localhost."
 */
export function redirectUriProblem(text: string, { plainHttp }: RedirectUriRules): string | undefined {
  const misspelt = spellingProblem(text);
  if (misspelt !== undefined) return misspelt;
  const url = URL.parse(text);
  const scheme = url?.protocol.slice(0, -1) ?? "";
  if (isForbiddenScheme(scheme)) return `The scheme ${scheme}: is not allowed.`;
  // Without the slash, `localhost:3000/callback` would be a URI of the scheme "localhost".
  if (!url || !/^[a-z][a-z\d+.-]*:\//i.test(text)) return "Give a full URI, e.g. https://app.example.com/callback.";
  if (hasUserinfo(text, url)) return "Remove the user name and password.";
  if (url.port === "0") return "Ports are 1 to 65535.";
  const reserved = RESERVED.find((name) => url.searchParams.has(name));
  if (reserved !== undefined) return `Its query must not have ${reserved}: the server appends that one.`;
  return webProblem(url, plainHttp) ?? normalFormProblem(text, url);
}

/** What no URI of ours may hold, however it would be parsed. */
function spellingProblem(text: string): string | undefined {
  if (text === "") return "Give a full URI, e.g. https://app.example.com/callback.";
  if (text.length > LENGTH_MAX) return "At most 2,048 characters.";
  if (/[\s\p{Cc}\p{Cf}\p{Cs}]/u.test(text)) return "Remove white space and control characters.";
  if (text.includes("\\")) return "Write / instead of \\.";
  if (text.includes("#")) return "Remove the fragment (#…).";
  if (text.includes("*")) return "Wildcards are not allowed: register each URI.";
  if (/%(?![\da-f]{2})/i.test(text)) return "The percent-encoding is broken.";
  return undefined;
}

const hasUserinfo = (text: string, url: URL) =>
  url.username !== "" || url.password !== "" || /^[^/]*\/\/[^/?]*@/.test(text);

/** Rules of the addresses that browsers load themselves. */
function webProblem(url: URL, plainHttp: boolean): string | undefined {
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  const host = url.hostname.replace(/\.$/, "");
  if (host === "chromiumapp.org" || host.endsWith(".chromiumapp.org")) {
    const valid = url.protocol === "https:" && url.port === "" && CHROME_EXTENSION_HOST.test(host);
    if (!valid) return "A Chrome extension's URI is https://<its 32 letters>.chromiumapp.org/….";
  }
  const plain = url.protocol === "http:" && !["localhost", "127.0.0.1", "[::1]"].includes(host);
  return plain && !plainHttp ? "Use https, or http on localhost." : undefined;
}

/** The parser's spelling is the one that counts. It keeps a host's trailing dot, which names the same host twice. */
function normalFormProblem(text: string, url: URL): string | undefined {
  const { href } = url;
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  const normal = isWeb ? href.replace(/^(https?:\/\/[^/?:]*?)\.+(?=[/?:])/, "$1") : href;
  const withoutPath = isWeb ? normal.replace(/^(https?:\/\/[^/?]*)\/(?=\?|$)/, "$1") : normal;
  return text === normal || text === withoutPath ? undefined : `Write it in its normal form: ${normal}`;
}

export const isForbiddenScheme = (scheme: string): boolean =>
  FORBIDDEN_SCHEMES.has(scheme.toLowerCase()) || scheme.toLowerCase().startsWith("ms-");

/** Whether a request's redirect URI is a registered one: byte for byte, a loopback URI's port apart (RFC 8252 §7.3). */
export function matchesRegistered(registered: readonly string[], sent: string): boolean {
  if (registered.includes(sent)) return true;
  const asked = loopbackParts(sent);
  if (!asked) return false;
  return registered.some((uri) => {
    const known = loopbackParts(uri);
    return known?.host === asked.host && known.rest === asked.rest;
  });
}

function loopbackParts(uri: string): { host: string; rest: string } | undefined {
  const [, host, port = "80", rest] = LOOPBACK.exec(uri) ?? [];
  return host !== undefined && rest !== undefined && Number(port) <= 65_535 ? { host, rest } : undefined;
}

/** Whether it leads to a program on the user's own machine by `http:`. */
export const isLoopback = (uri: string): boolean => loopbackParts(uri) !== undefined;

/** Whether it leads to a program of the user's own machine by a scheme of its own. */
export const isPrivateScheme = (uri: string): boolean => !/^https?:/.test(uri);

/**
 * The redirect URI without what the server appended to it: clients send the whole address of their callback to the
 * exchange. Textual; every other byte stays. A query left empty goes with its `?`. What has a fragment is no redirect
 * URI and stays whole, or it would go with the last parameter.
 */
export function stripAppendedParameters(uri: string): string {
  const start = uri.indexOf("?");
  if (start < 0 || uri.includes("#")) return uri;
  const kept = uri
    .slice(start + 1)
    .split("&")
    .filter((pair) => !APPENDED.has(pair.split("=", 1)[0] ?? ""))
    .join("&");
  return kept === "" ? uri.slice(0, start) : `${uri.slice(0, start)}?${kept}`;
}
