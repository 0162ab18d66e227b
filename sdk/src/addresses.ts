import { AppLoginError } from "./errors.ts";

/**
 * The server's address as it names itself in `iss`: an origin in its normal form, without a trailing slash.
 *
 * @throws {AppLoginError} `invalid_options`: no such address, or one where secrets would travel in the clear.
 */
export function readIssuer(text: string): string {
  if (!isSecure(text)) throw new AppLoginError("invalid_options", "issuer must be https, or http on this machine.");
  const { href, origin } = new URL(text);
  if (href !== `${origin}/`) {
    throw new AppLoginError("invalid_options", `issuer must be no more than scheme, host and port: ${origin}`);
  }
  return origin;
}

/** Whether secrets may be sent there: https, or http that never leaves the machine. */
export function isSecure(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || (protocol === "http:" && LOOPBACK_HOST.test(hostname));
}

/** The URL parser has already turned `127.1`, `0x7f.1` and the like into four decimal numbers. */
const LOOPBACK_HOST = /^(localhost|[a-z0-9-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
