import { isForbiddenScheme } from "./redirect-uri.ts";

const LENGTH_MAX = 300;

/** Schemes whose pages are programs of their own, so that their origins can be named although none may be redirected to. */
const EXTENSIONS: ReadonlySet<string> = new Set(["chrome-extension", "moz-extension"]);

/**
 * Why an origin may not be listed, as a sentence, or `undefined` when it may. The request's header is compared exactly,
 * so only the serialised form (RFC 6454 §6.2) is taken: scheme, host, and a port that is not the scheme's own.
 *
 * @example originProblem("https://app.example.com") // undefined
 * @example originProblem("https://app.example.com/") // "Write it as browsers send it: https://app.example.com"
 */
export function originProblem(text: string): string | undefined {
  if (text.length > LENGTH_MAX) return `At most ${LENGTH_MAX} characters.`;
  if (text === "null") return "null is what every sandboxed page sends.";
  if (text.includes("*")) return "Wildcards are not allowed: list each origin.";
  const url = /[\s\p{Cc}\p{Cf}\p{Cs}\\]/u.test(text) ? null : URL.parse(text);
  if (!url || !/^[a-z][a-z\d+.-]*:\/\/./i.test(text)) return "Give scheme and host, e.g. https://app.example.com.";
  const scheme = url.protocol.slice(0, -1);
  if (isForbiddenScheme(scheme) && !EXTENSIONS.has(scheme)) return `The scheme ${scheme}: is not allowed.`;
  const serialised = `${url.protocol}//${url.host.toLowerCase()}`;
  if (url.host === "") return "Give scheme and host, e.g. https://app.example.com.";
  return text === serialised ? undefined : `Write it as browsers send it: ${serialised}`;
}
