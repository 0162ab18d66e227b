import { createHash } from "node:crypto";
import { OAuthError } from "../../errors.ts";
import { sameText } from "../../secrets.ts";

/** A S256 challenge: base64url of 32 bytes (RFC 7636 §4.2). */
export const isChallenge = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);

/**
 * Whoever redeems a code must be whoever asked for it (RFC 7636 §4.6).
 *
 * @param compat the app's `pkceCompat`: it sends its challenge where the verifier belongs, as some clients in the field do.
 * @throws {OAuthError} `invalid_grant`: missing, wrong, or (RFC 9700 §2.1.1, a downgrade) unexpected verifier.
 */
export function requireVerifier(challenge: string | null, verifier: string | undefined, compat: boolean): void {
  if (challenge === null && verifier === undefined) return;
  if (challenge === null)
    throw new OAuthError("invalid_grant", "A code_verifier was sent, but no code_challenge at login.");
  if (verifier === undefined) throw new OAuthError("invalid_grant", "The code_verifier is missing.");
  if (compat && sameText(verifier, challenge)) return;
  // The alphabet and length are the RFC's (§4.1); anything else cannot have made the challenge honestly.
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier) || !sameText(s256(verifier), challenge))
    throw new OAuthError("invalid_grant", "The code_verifier does not belong to the code_challenge.");
}

const s256 = (verifier: string) => createHash("sha256").update(verifier, "ascii").digest("base64url");
