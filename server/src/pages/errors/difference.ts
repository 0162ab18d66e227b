/** A text cut in three: the middle is what it has of its own. */
export interface Parts {
  before: string;
  differs: string;
  after: string;
}

/** Cuts both texts around what differs. Counts in whole characters, so that no mark falls inside one. */
export function differingParts(received: string, nearest: string): { received: Parts; nearest: Parts } {
  const a = [...received];
  const b = [...nearest];
  const start = commonStart(a, b);
  const end = commonStart(a.slice(start).reverse(), b.slice(start).reverse());
  return { received: cut(a, start, end), nearest: cut(b, start, end) };
}

/** The one that shares most with `received` at its start and end; `undefined` only for an empty list. */
export function nearestOf(received: string, registered: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestShare = Number.NEGATIVE_INFINITY;
  for (const uri of registered) {
    const { before, after, differs } = differingParts(received, uri).nearest;
    const share = before.length + after.length - differs.length;
    if (share > bestShare) [best, bestShare] = [uri, share];
  }
  return best;
}

/** Names the classic slips, in one sentence. `undefined`: it is something else. */
export function slipBetween(sent: string, registered: string): string | undefined {
  const [received, nearest] = [withoutLoopbackPort(sent), withoutLoopbackPort(registered)];
  if (received.trim() === nearest) return "They differ in white space only.";
  if (`${received}/` === nearest) return "They differ only in the slash at the end, which the received one lacks.";
  if (received === `${nearest}/`) return "They differ only in the slash at the end, which the registered one lacks.";
  if (received.toLowerCase() === nearest.toLowerCase()) return "They differ only in upper and lower case.";
  if (received.replace(/^http:/, "https:") === nearest)
    return "They differ only in the scheme: http was sent, https is registered.";
  if (received.replace(/^https:/, "http:") === nearest)
    return "They differ only in the scheme: https was sent, http is registered.";
  if (received === encodeURIComponent(nearest)) return "It was encoded twice.";
  if (URL.canParse(received) && URL.canParse(nearest)) return slipBetweenUrls(new URL(received), new URL(nearest));
  return undefined;
}

/** On loopback any port is accepted, so it is never what is wrong (RFC 8252 §7.3). */
const withoutLoopbackPort = (uri: string): string =>
  uri.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])):\d{1,5}(?![\w.@:])/, "$1");

function slipBetweenUrls(received: URL, nearest: URL): string | undefined {
  const parts = ["protocol", "hostname", "port", "pathname", "search", "hash"] as const;
  const differing = parts.filter((part) => received[part] !== nearest[part]);
  if (differing.length !== 1) return undefined;
  const [part] = differing;
  if (part === "hostname") return "They differ only in the host.";
  if (part === "port") return "They differ only in the port.";
  if (part === "pathname") return "They differ only in the path.";
  if (part === "search") return "They differ only in the query.";
  return undefined;
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

const cut = (characters: readonly string[], start: number, end: number): Parts => ({
  before: characters.slice(0, start).join(""),
  differs: characters.slice(start, characters.length - end).join(""),
  after: characters.slice(characters.length - end).join(""),
});
