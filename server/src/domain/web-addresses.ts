const LENGTH_MAX = 2_048;
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** An absolute `http(s)` address without user name or password, or `undefined`. */
function parse(text: string): URL | undefined {
  if (text.length > LENGTH_MAX || /[\s\p{Cc}\p{Cf}\p{Cs}\\]/u.test(text) || !/^https?:\/\//i.test(text))
    return undefined;
  const url = URL.parse(text);
  return url && url.username === "" && url.password === "" ? url : undefined;
}

/**
 * The address under which other addresses begin: normalised, ending with `/`; `undefined` for what is no such address.
 *
 * @example readBaseAddress("https://Acme.example.com/desk") // "https://acme.example.com/desk/"
 */
export function readBaseAddress(text: string): string | undefined {
  const url = parse(text);
  if (!url || text.includes("?") || text.includes("#")) return undefined;
  return url.href.endsWith("/") ? url.href : `${url.href}/`;
}

/** Why a text may not be the address of a website, or `undefined`. An empty one says that there is none. */
export const websiteProblem = (text: string): string | undefined =>
  text === "" || parse(text) ? undefined : "Give a full http(s) address, or leave it empty.";

/** Why a text may not be the address of a picture on our pages, or `undefined`. Browsers fetch it, this server never does. */
export function pictureProblem(text: string): string | undefined {
  if (text === "") return undefined;
  const url = parse(text);
  if (url?.protocol === "https:" || (url && LOOPBACK_HOSTS.has(url.hostname))) return undefined;
  return "Give a full https address, or leave it empty.";
}
