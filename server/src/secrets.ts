import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

/** A fresh secret of 256 random bits, 43 URL-safe characters. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

/**
 * What is stored instead of a secret of ours: its SHA-256, base64url. Enough for secrets of 128 random bits and more;
 * what people choose themselves goes through password.ts.
 */
export const hashSecret = (secret: string): string => hash("sha256", secret, "base64url");

/** Compares two texts in a time that tells only whether their lengths are equal. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a, "utf8");
  const right = Buffer.from(b, "utf8");
  return left.length === right.length && timingSafeEqual(left, right);
}

/** What a key is for. Every use has a key of its own, so that nothing sealed for one door opens another. */
export type Purpose =
  | "login-request"
  | "form"
  | "mail"
  | "signing-key"
  | "pepper"
  | "email-budget"
  | "address-pepper"
  | "decoy"
  | "portal"
  | "sandbox"
  | "trial"
  | "sign-up";

export interface Keys {
  /** Encrypts and authenticates (AES-256-GCM) a JSON value; base64url. `context` must be the same when opened. */
  seal(purpose: Purpose, value: unknown, context?: string): string;
  /** The value that was sealed, or `undefined` for anything else. */
  open(purpose: Purpose, sealed: string, context?: string): unknown;
  /** HMAC-SHA256, base64url. */
  hmac(purpose: Purpose, text: string): string;
}

/** Derives the key of each purpose from the base key (`LATCHKEY_SECRET`, 32 bytes) by HKDF (RFC 5869). */
export function deriveKeys(base: Uint8Array): Keys {
  const derived = new Map<Purpose, Buffer>();
  const keyFor = (purpose: Purpose): Buffer => {
    let key = derived.get(purpose);
    if (!key) {
      key = Buffer.from(hkdfSync("sha256", base, "", `latchkey ${purpose}`, 32));
      derived.set(purpose, key);
    }
    return key;
  };
  return {
    seal(purpose, value, context = "") {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", keyFor(purpose), nonce).setAAD(Buffer.from(context));
      const body = cipher.update(JSON.stringify(value), "utf8");
      return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]).toString("base64url");
    },
    open(purpose, sealed, context = "") {
      const bytes = Buffer.from(sealed, "base64url");
      if (bytes.length < 12 + 16) return undefined;
      const decipher = createDecipheriv("aes-256-gcm", keyFor(purpose), bytes.subarray(0, 12))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(-16));
      try {
        const text = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString("utf8");
        return JSON.parse(text);
      } catch {
        return undefined; // not ours, or changed on the way
      }
    },
    hmac: (purpose, text) => createHmac("sha256", keyFor(purpose)).update(text, "utf8").digest("base64url"),
  };
}
