import type { Database, Statement } from "../database.ts";
import { installationStays } from "./moving.ts";

/** A token that counts, with the user and installation it stands for. Times are seconds since 1970 UTC. */
export interface ActiveToken {
  tokenId: string;
  clientId: string;
  installationId: number;
  userId: number;
  scopes: string[];
  issuedAt: number;
  expiresAt: number | null;
  /** Null: this is the first time. */
  firstUsedAt: number | null;
  /** To the hour. */
  lastUsedAt: number | null;
  email: string;
  firstName: string;
  lastName: string;
  url: string;
  apiEndPoint: string;
}

/** For the batch that spends the code: a loser of the race finds another token's hash there, and inserts nothing. */
export const ISSUE_TOKEN = `INSERT INTO token
    (token_hash, token_id, client_id, installation_id, user_id, scopes, code_hash, issued_at, expires_at)
  SELECT token_hash, $3, client_id, installation_id, user_id, scopes, code_hash, redeemed_at, CAST($4 AS BIGINT)
  FROM code WHERE code_hash = $1 AND token_hash = $2`;
export const ISSUE_REFRESH_TOKEN = `INSERT INTO refresh_token
    (refresh_hash, client_id, installation_id, user_id, scopes, code_hash, issued_at, expires_at)
  SELECT $3, client_id, installation_id, user_id, scopes, code_hash, redeemed_at, CAST($4 AS BIGINT)
  FROM code WHERE code_hash = $1 AND token_hash = $2`;

// Token, user and installation in one statement, so that revoking, disabling and deleting count at once.
const FIND_ACTIVE = `SELECT t.token_id AS "tokenId", t.client_id AS "clientId", t.installation_id AS "installationId",
  t.user_id AS "userId", t.scopes, t.issued_at AS "issuedAt", t.expires_at AS "expiresAt",
  t.first_used_at AS "firstUsedAt", t.last_used_at AS "lastUsedAt",
  u.email, u.first_name AS "firstName", u.last_name AS "lastName", i.url, i.api_end_point AS "apiEndPoint"
  FROM token t
  JOIN installation_user u ON u.installation_id = t.installation_id AND u.user_id = t.user_id AND u.disabled = 0
  JOIN installation i ON i.installation_id = t.installation_id
  WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)`;
const FIND_OWNER = `SELECT client_id AS "clientId", code_hash AS "codeHash", revoked_at AS "revokedAt" FROM token
  WHERE token_hash = $1`;
const FIND_GRANT = `SELECT client_id AS "clientId" FROM token WHERE code_hash = $1 LIMIT 1`;
const TOKEN_STAYS = installationStays("token.installation_id");
const REVOKE = `UPDATE token SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL AND ${TOKEN_STAYS}`;
const REVOKE_GRANT = `UPDATE token SET revoked_at = $2 WHERE code_hash = $1 AND revoked_at IS NULL AND ${TOKEN_STAYS}`;
const REVOKE_GRANT_REFRESH = `UPDATE refresh_token SET revoked_at = $2 WHERE code_hash = $1 AND revoked_at IS NULL
  AND ${installationStays("refresh_token.installation_id")}`;
const MARK_USED = `UPDATE token SET first_used_at = $2, last_used_at = $2
  WHERE token_hash = $1 AND first_used_at IS NULL AND ${TOKEN_STAYS}`;
const MARK_USED_AGAIN = `UPDATE token SET last_used_at = $2
  WHERE token_hash = $1 AND (last_used_at IS NULL OR last_used_at < $2) AND ${TOKEN_STAYS}`;
const LOGIN_OF = `SELECT c.login_id AS "loginOfToken" FROM token t JOIN code c ON c.code_hash = t.code_hash
  WHERE t.token_hash = $1`;
const FIND_UNREVOKED = `SELECT token_hash AS "hash" FROM token WHERE code_hash = $1 AND revoked_at IS NULL
  UNION ALL SELECT refresh_hash AS "hash" FROM refresh_token WHERE code_hash = $1 AND revoked_at IS NULL LIMIT 1`;
const COUNT_ACTIVE = `SELECT COUNT(*) AS "count" FROM (SELECT token_hash FROM token
  WHERE client_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) LIMIT 100000) t`;
const PURGE = `DELETE FROM token WHERE token_hash IN
  (SELECT token_hash FROM token WHERE expires_at < $1 LIMIT 500)`;

export const tokens = (db: Database) => ({
  findActive: async (tokenHash: string, now: number): Promise<ActiveToken | undefined> => {
    const [row] = await db.read<Omit<ActiveToken, "scopes"> & { scopes: string }>(FIND_ACTIVE, [tokenHash, now]);
    return row && Object.assign(row, { scopes: JSON.parse(row.scopes) });
  },

  /** Whose token it is, active or not. */
  findOwner: async (tokenHash: string) =>
    (await db.read<{ clientId: string; codeHash: string; revokedAt: number | null }>(FIND_OWNER, [tokenHash]))[0],

  /** Whose grant a code became, also when the code itself was purged long ago. */
  findGrantOwner: async (codeHash: string) =>
    (await db.read<{ clientId: string }>(FIND_GRANT, [codeHash]))[0]?.clientId,

  revoke: async (tokenHash: string, at: number): Promise<boolean> =>
    (await db.batch([[REVOKE, [tokenHash, at]]]))[0]?.count === 1,

  /**
   * Ends everything that came from one login: its access tokens and its refresh tokens. False when something is left,
   * because the installation is on the move.
   */
  revokeGrant: async (codeHash: string, at: number): Promise<boolean> => {
    const results = await db.batch([...revokingGrant(codeHash, at), [FIND_UNREVOKED, [codeHash]]]);
    return results.at(-1)?.rows.length === 0;
  },

  /**
   * Keeps when these tokens were used the first time. Of each that had not been, the login it came from, or `""` where
   * that is forgotten; `undefined` for the others.
   */
  markUsed: async (tokenHashes: readonly string[], at: number): Promise<(string | undefined)[]> => {
    const results = await db.batch(
      tokenHashes.flatMap((hash): Statement[] => [
        [MARK_USED, [hash, at]],
        [LOGIN_OF, [hash]],
      ]),
    );
    return tokenHashes.map((_, index) => {
      const [marked, login] = [results[2 * index], results[2 * index + 1]];
      return marked?.count === 1 ? String(login?.rows[0]?.loginOfToken ?? "") : undefined;
    });
  },

  /** Keeps when these tokens, which had been used before, were used last. */
  markUsedAgain: async (tokenHashes: readonly string[], at: number): Promise<void> => {
    await db.batch(tokenHashes.map((hash): Statement => [MARK_USED_AGAIN, [hash, at]]));
  },

  /** How many of an app count now; counts no further than 100,000. Nothing on a hot path. */
  countActive: async (clientId: string, now: number): Promise<number> =>
    (await db.read<{ count: number }>(COUNT_ACTIVE, [clientId, now]))[0]?.count ?? 0,

  /** Expired ones; at most 500 in one go. */
  purge: async (expiredBefore: number) => (await db.batch([[PURGE, [expiredBefore]]]))[0]?.count ?? 0,
});

const revokingGrant = (codeHash: string, at: number): Statement[] => [
  [REVOKE_GRANT, [codeHash, at]],
  [REVOKE_GRANT_REFRESH, [codeHash, at]],
];
