import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** A file that pages point at, read once at start. `href` names its content, so a browser may keep it for ever. */
export interface Asset {
  /** `latchkey.css`, without the hash. */
  name: string;
  /** 16 characters, base64url: of the SHA-256 of `body`. */
  hash: string;
  href: string;
  type: string;
  body: Buffer;
}

function asset(name: string, type: string): Asset {
  const body = readFileSync(new URL(`./assets/${name}`, import.meta.url));
  const hash = createHash("sha256").update(body).digest("base64url").slice(0, 16);
  return { name, hash, href: `/assets/${name.replace(".", `.${hash}.`)}`, type, body };
}

export const assets = {
  styles: asset("latchkey.css", "text/css; charset=utf-8"),
  portalStyles: asset("portal.css", "text/css; charset=utf-8"),
  script: asset("latchkey.js", "text/javascript; charset=utf-8"),
  icon: asset("latchkey.svg", "image/svg+xml"),
} satisfies Record<string, Asset>;
