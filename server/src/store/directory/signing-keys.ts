import type { Database } from "../database.ts";

/** A key that signs id_tokens. The private half is sealed by the caller. */
export interface SigningKeyRecord {
  keyId: string;
  algorithm: "ES256" | "RS256";
  publicJwk: Record<string, unknown>;
  sealedPrivateJwk: string;
  createdAt: number;
}

const LIST = `SELECT key_id AS "keyId", algorithm, public_jwk AS "publicJwk", sealed_private_jwk AS "sealedPrivateJwk",
  created_at AS "createdAt" FROM signing_key ORDER BY created_at, key_id`;
// Two processes that start at once both make a key; the first one stays and both use it.
const ADD_FIRST = `INSERT INTO signing_key (key_id, algorithm, public_jwk, sealed_private_jwk, created_at)
  SELECT $1, CAST($2 AS TEXT), $3, $4, CAST($5 AS BIGINT)
  WHERE NOT EXISTS (SELECT 1 FROM signing_key WHERE algorithm = $2)`;

export const signingKeys = (db: Database) => ({
  list: async (): Promise<SigningKeyRecord[]> => {
    const rows = await db.read<Omit<SigningKeyRecord, "publicJwk"> & { publicJwk: string }>(LIST, []);
    return rows.map((row) => ({ ...row, publicJwk: JSON.parse(row.publicJwk) }));
  },

  addFirst: async (key: SigningKeyRecord): Promise<void> => {
    const { keyId, algorithm, publicJwk, sealedPrivateJwk, createdAt } = key;
    await db.batch([[ADD_FIRST, [keyId, algorithm, JSON.stringify(publicJwk), sealedPrivateJwk, createdAt]]]);
  },
});
