import type { JWK, JWTPayload } from "jose";
// One by one: the whole of jose is mostly what an issuer never needs.
import { calculateJwkThumbprint } from "jose/jwk/thumbprint";
import { SignJWT } from "jose/jwt/sign";
import { exportJWK } from "jose/key/export";
import { generateKeyPair } from "jose/key/generate/keypair";
import { importJWK } from "jose/key/import";
import type { Keys } from "../../secrets.ts";
import type { DirectoryStore } from "../../store/directory/directory.ts";

export type SigningAlgorithm = "ES256" | "RS256";
const ALGORITHMS: readonly SigningAlgorithm[] = ["RS256", "ES256"];

export interface Signer {
  /** What relying parties check signatures with (RFC 7517): public keys only. */
  readonly jwks: { keys: readonly JWK[] };
  sign(algorithm: SigningAlgorithm, claims: JWTPayload): Promise<string>;
}

/** Loads the keys that all servers share, and makes those that are missing; the newest of an algorithm signs. */
export async function openSigner(directory: DirectoryStore, keys: Keys, now: number): Promise<Signer> {
  let stored = await directory.signingKeys.list();
  const missing = ALGORITHMS.filter((algorithm) => !stored.some((key) => key.algorithm === algorithm));
  for (const algorithm of missing) await directory.signingKeys.addFirst(await newKey(keys, algorithm, now));
  if (missing.length > 0) stored = await directory.signingKeys.list();

  const signing = new Map<SigningAlgorithm, { keyId: string; key: CryptoKey | Uint8Array }>();
  for (const { algorithm, keyId, sealedPrivateJwk } of stored) {
    const jwk = keys.open("signing-key", sealedPrivateJwk, keyId) as JWK | undefined;
    if (!jwk) throw new Error("A signing key cannot be opened: LATCHKEY_SECRET is not the one it was sealed with.");
    signing.set(algorithm, { keyId, key: await importJWK(jwk, algorithm) });
  }
  return {
    jwks: { keys: stored.map((key) => key.publicJwk) },
    sign(algorithm, claims) {
      const { keyId, key } = signing.get(algorithm) ?? fail(algorithm);
      return new SignJWT(claims).setProtectedHeader({ alg: algorithm, kid: keyId, typ: "JWT" }).sign(key);
    },
  };
}

async function newKey(keys: Keys, algorithm: SigningAlgorithm, now: number) {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const keyId = await calculateJwkThumbprint(publicJwk);
  return {
    keyId,
    algorithm,
    publicJwk: { ...publicJwk, kid: keyId, alg: algorithm, use: "sig" },
    sealedPrivateJwk: keys.seal("signing-key", await exportJWK(privateKey), keyId),
    createdAt: now,
  };
}

function fail(algorithm: string): never {
  throw new Error(`There is no key for ${algorithm}.`);
}
