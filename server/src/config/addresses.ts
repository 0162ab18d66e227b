import { isIP, isIPv6 } from "node:net";
import type { Settings } from "./settings.ts";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether an address can only mean this very machine. */
export const isLoopback = (url: string): boolean => LOOPBACK.has(new URL(url).hostname);

/**
 * `LATCHKEY_URL`: where the world reaches this server, as an origin in its normal form. It is also the issuer, which
 * apps compare byte for byte (RFC 8414 §3.3).
 */
export function publicAddress(settings: Settings, port: number, production: boolean): string {
  const byDefault = `http://localhost:${port}`;
  const value = settings.text("LATCHKEY_URL") ?? byDefault;
  const problem = publicAddressProblem(value, production);
  if (problem === undefined) return value;
  settings.problems.push(`LATCHKEY_URL ${problem}`);
  return byDefault;
}

function publicAddressProblem(value: string, production: boolean): string | undefined {
  if (!URL.canParse(value)) return "must be a full address, such as https://login.example.com.";
  const url = new URL(value);
  if (url.protocol !== "https:" && url.protocol !== "http:") return "must begin with https:// or http://.";
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password.";
  if (url.pathname !== "/" || value.includes("?") || value.includes("#"))
    return "must be without path, query and fragment.";
  if (value.endsWith("/")) return "must not end with a slash.";
  if (value !== url.origin) return `must be in its normal form: ${url.origin}`;
  if (production && url.protocol === "http:" && !isLoopback(value)) return "must begin with https:// in production.";
  return undefined;
}

/** `LATCHKEY_PORT`; 0 lets the system choose one. */
export function portNumber(settings: Settings): number {
  const value = settings.text("LATCHKEY_PORT") ?? "4400";
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  settings.problems.push("LATCHKEY_PORT must be a number up to 65535.");
  return 4400;
}

/** `LATCHKEY_HOST`: the address or name of the network interface to listen on. */
export function listeningHost(settings: Settings): string {
  const value = settings.text("LATCHKEY_HOST") ?? "127.0.0.1";
  if (isIP(value) === 0 && !/^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/.test(value))
    settings.problems.push("LATCHKEY_HOST must be an IP address or a host name, without a port.");
  return value;
}

/** `LATCHKEY_TRUSTED_PROXIES`: networks, separated by commas or blanks; a bare address is a network of one. */
export function trustedProxies(settings: Settings): readonly string[] {
  const entries = (settings.text("LATCHKEY_TRUSTED_PROXIES") ?? "").split(/[\s,]+/).filter((entry) => entry !== "");
  for (const entry of entries)
    if (!isCidr(entry))
      settings.problems.push("LATCHKEY_TRUSTED_PROXIES must list networks such as 10.0.0.0/8 or 2001:db8::/32.");
  return entries.filter(isCidr);
}

function isCidr(entry: string): boolean {
  const [network = "", prefix, ...rest] = entry.split("/");
  if (isIP(network) === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIPv6(network) ? 128 : 32));
}
