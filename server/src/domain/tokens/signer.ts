import type { JWK, JWTPayload } from "jose";
// One by one: the whole of jose is mostly what an issuer never needs.
import { calculateJwkThumbprint } from "jose/jwk/thumbprint";
import { SignJWT } from "jose/jwt/sign";
import { exportJWK } from "jose/key/export";
import { generateKeyPair } from "jose/key/generate/keypair";
import { importJWK } from "jose/key/import";
import { OAuthError } from "../../errors.ts";
import type { Keys } from "../../secrets.ts";
import type { DirectoryStore } from "../../store/directory/directory.ts";
import type { SigningKeyRecord } from "../../store/directory/signing-keys.ts";

export type SigningAlgorithm = "ES256" | "RS256";
const ALGORITHMS: readonly SigningAlgorithm[] = ["RS256", "ES256"];

export interface Signer {
  /** What relying parties check signatures with (RFC 7517): public keys only. */
  readonly jwks: { keys: readonly JWK[] };
  sign(algorithm: SigningAlgorithm, claims: JWTPayload): Promise<string>;
  /** From now on the newest of an algorithm signs. @throws {Error} they were sealed with another secret. */
  use(stored: readonly SigningKeyRecord[]): Promise<void>;
}

/** Without keys, until it is given some. */
export function createSigner(keys: Keys): Signer {
  let jwks: Signer["jwks"] | undefined;
  const signing = new Map<SigningAlgorithm, { keyId: string; key: CryptoKey | Uint8Array }>();
  return {
    get jwks() {
      return jwks ?? noKeys();
    },
    sign(algorithm, claims) {
      const { keyId, key } = signing.get(algorithm) ?? noKeys();
      return new SignJWT(claims).setProtectedHeader({ alg: algorithm, kid: keyId, typ: "JWT" }).sign(key);
    },
    async use(stored) {
      for (const { algorithm, keyId, sealedPrivateJwk } of stored) {
        const jwk = keys.open("signing-key", sealedPrivateJwk, keyId) as JWK | undefined;
        if (!jwk) throw new Error("A signing key cannot be opened: LATCHKEY_SECRET is not the one it was sealed with.");
        signing.set(algorithm, { keyId, key: await importJWK(jwk, algorithm) });
      }
      jwks = { keys: stored.map((key) => key.publicJwk) };
    },
  };
}

/** The keys that all servers share; those that are missing are made. */
export async function signingKeys(
  directory: DirectoryStore,
  keys: Keys,
  now: number,
): Promise<readonly SigningKeyRecord[]> {
  const stored = await directory.signingKeys.list();
  const missing = ALGORITHMS.filter((algorithm) => !stored.some((key) => key.algorithm === algorithm));
  for (const algorithm of missing) await directory.signingKeys.addFirst(await newKey(keys, algorithm, now));
  return missing.length > 0 ? directory.signingKeys.list() : stored;
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

function noKeys(): never {
  throw new OAuthError(
    "temporarily_unavailable",
    "The signing keys are not known yet: the directory cannot be reached.",
    {
      retryAfterSeconds: 5,
    },
  );
}
