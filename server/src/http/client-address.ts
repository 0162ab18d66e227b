import { BlockList, isIP, isIPv6 } from "node:net";
import type { Config } from "../config.ts";
import type { HttpContext } from "./context.ts";
import { headerOf } from "./headers.ts";

const lists = new WeakMap<readonly string[], BlockList>();

/** The networks whose `X-Forwarded-*` are believed, parsed once per list. config.ts has checked each entry. */
function trusted(cidrs: readonly string[]): BlockList {
  let list = lists.get(cidrs);
  if (list === undefined) {
    list = new BlockList();
    for (const cidr of cidrs) {
      const [network = "", prefix] = cidr.split("/");
      const family = isIPv6(network) ? "ipv6" : "ipv4";
      list.addSubnet(network, Number(prefix ?? (family === "ipv6" ? 128 : 32)), family);
    }
    lists.set(cidrs, list);
  }
  return list;
}

const isTrusted = (address: string, cidrs: readonly string[]): boolean =>
  cidrs.length > 0 && isIP(address) !== 0 && trusted(cidrs).check(address, isIPv6(address) ? "ipv6" : "ipv4");

/** `::ffff:192.0.2.1`, which a dual-stack socket shows, is 192.0.2.1. */
const plain = (address: string): string => (/^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address);

/** The address of whoever holds the other end of the socket: the client, or its last proxy. */
const peerAddress = (c: HttpContext): string => plain(c.env?.incoming?.socket.remoteAddress ?? "unknown");

/**
 * The client's address: the right-most hop of `X-Forwarded-For` that is not a trusted proxy. Hops further left are
 * what the client itself may have written.
 */
export function clientAddress(c: HttpContext, config: Config): string {
  let address = peerAddress(c);
  if (!isTrusted(address, config.trustedProxies)) return address;
  const hops = (headerOf(c, "x-forwarded-for") ?? "").split(",");
  for (const hop of hops.reverse()) {
    const next = hopAddress(hop);
    if (next === undefined) return address; // unreadable: the last one that could be read is as far as trust goes
    address = next;
    if (!isTrusted(address, config.trustedProxies)) return address;
  }
  return address;
}

/** Some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
function hopAddress(hop: string): string | undefined {
  const text = hop.trim();
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 ? undefined : plain(bare);
}

/** The host the client asked for, with its port: `Host`, or `X-Forwarded-Host` of a trusted proxy. Lower case. */
export function requestHost(c: HttpContext, config: Config): string {
  const forwarded = isTrusted(peerAddress(c), config.trustedProxies) ? headerOf(c, "x-forwarded-host") : undefined;
  const host = forwarded?.split(",").at(-1)?.trim() ?? headerOf(c, "host") ?? new URL(c.req.url).host;
  return host.toLowerCase();
}

/** Whether the peer itself is on this machine or in `LATCHKEY_TRUSTED_PROXIES`. */
export function isTrustedPeer(c: HttpContext, config: Config): boolean {
  const peer = peerAddress(c);
  return peer === "::1" || peer.startsWith("127.") || isTrusted(peer, config.trustedProxies);
}

/** What budgets count by: an IPv4 address, or the /64 that one IPv6 customer has to himself (RFC 6177). */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [left = "", right] = address.replace(/%.*$/, "").split("::");
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  const groups =
    right === undefined ? head : [...head, ...Array(Math.max(0, 8 - head.length - tail.length)).fill("0"), ...tail];
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(":")}::/64`;
}
