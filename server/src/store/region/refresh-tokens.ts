import type { Database } from "../database.ts";
import { findingGrantee, type Grantee, granteeOf } from "./grantees.ts";
import { installationStays } from "./moving.ts";

/** One row of `refresh_token`. Each use makes the next one, 30 days ahead; the string itself is never stored. */
export interface RefreshTokenRecord {
  refreshHash: string;
  clientId: string;
  installationId: number;
  userId: number;
  scopes: string[];
  codeHash: string;
  expiresAt: number;
  rotatedAt: number | null;
  revokedAt: number | null;
}

export interface Rotation {
  /** The refresh token that is used. */
  used: RefreshTokenRecord;
  /** The scopes of the new access token: the same or fewer (RFC 6749 §6). */
  scopes: readonly string[];
  token: { tokenHash: string; tokenId: string; expiresAt: number };
  next: { refreshHash: string; expiresAt: number };
}

const FIND = `SELECT refresh_hash AS "refreshHash", client_id AS "clientId", installation_id AS "installationId",
  user_id AS "userId", scopes, code_hash AS "codeHash", expires_at AS "expiresAt", rotated_at AS "rotatedAt",
  revoked_at AS "revokedAt" FROM refresh_token WHERE refresh_hash = $1`;
// Within the grace a client that never saw the answer asks again; rotated_at stays that of the first use.
const ROTATE = `UPDATE refresh_token SET rotated_at = COALESCE(rotated_at, $2)
  WHERE refresh_hash = $1 AND revoked_at IS NULL AND expires_at > $2 AND (rotated_at IS NULL OR rotated_at > $3)
    AND EXISTS (SELECT 1 FROM installation_user u WHERE u.installation_id = refresh_token.installation_id
      AND u.user_id = refresh_token.user_id AND u.disabled = 0)
    AND ${installationStays("refresh_token.installation_id")}`;
const ISSUE_TOKEN = `INSERT INTO token
    (token_hash, token_id, client_id, installation_id, user_id, scopes, code_hash, issued_at, expires_at)
  SELECT $2, $3, client_id, installation_id, user_id, $4, code_hash, CAST($5 AS BIGINT), CAST($6 AS BIGINT)
  FROM refresh_token
  WHERE refresh_hash = $1 AND revoked_at IS NULL AND expires_at > $5 AND rotated_at > $7`;
const ISSUE_NEXT = `INSERT INTO refresh_token
    (refresh_hash, client_id, installation_id, user_id, scopes, code_hash, issued_at, expires_at)
  SELECT $2, client_id, installation_id, user_id, scopes, code_hash, CAST($3 AS BIGINT), CAST($4 AS BIGINT)
  FROM refresh_token
  WHERE refresh_hash = $1 AND revoked_at IS NULL AND expires_at > $3 AND rotated_at > $5`;
// A rotation nobody was told of is taken back, unless another one of the same refresh token was told.
const TAKE_BACK = `UPDATE refresh_token SET rotated_at = NULL
  WHERE refresh_hash = $1 AND revoked_at IS NULL AND ${installationStays("refresh_token.installation_id")}
    AND EXISTS (SELECT 1 FROM refresh_token unseen
      WHERE unseen.refresh_hash = $2 AND unseen.code_hash = refresh_token.code_hash AND unseen.rotated_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM refresh_token other
      WHERE other.code_hash = refresh_token.code_hash AND other.refresh_hash <> $1 AND other.refresh_hash <> $2
        AND other.issued_at >= refresh_token.rotated_at)`;
const END_UNSEEN = `DELETE FROM refresh_token WHERE refresh_hash = $2 AND rotated_at IS NULL
  AND EXISTS (SELECT 1 FROM refresh_token used WHERE used.refresh_hash = $1 AND used.rotated_at IS NULL)`;
const PURGE = `DELETE FROM refresh_token WHERE refresh_hash IN
  (SELECT refresh_hash FROM refresh_token WHERE expires_at < $1 LIMIT 500)`;

export const refreshTokens = (db: Database) => ({
  find: async (refreshHash: string): Promise<RefreshTokenRecord | undefined> => {
    const [row] = await db.read<Omit<RefreshTokenRecord, "scopes"> & { scopes: string }>(FIND, [refreshHash]);
    return row && { ...row, scopes: JSON.parse(row.scopes) };
  },

  /** Whom it stands for, if that user is there and enabled. */
  granteeOf: async ({ installationId, userId }: RefreshTokenRecord): Promise<Grantee | undefined> => {
    const [sql, params] = findingGrantee(installationId, userId);
    const [row] = await db.read(sql, params);
    return row && granteeOf(row);
  },

  /**
   * Trades a refresh token for a new pair. `undefined` when it was used longer than the grace ago, expired or was
   * revoked, or when its user is gone or disabled, or its installation on the move.
   */
  rotate: async (
    { used, scopes, token, next }: Rotation,
    at: number,
    graceSeconds: number,
  ): Promise<Grantee | undefined> => {
    const { refreshHash, installationId, userId } = used;
    const usedAfter = at - graceSeconds;
    const [rotated, found] = await db.batch([
      [ROTATE, [refreshHash, at, usedAfter]],
      findingGrantee(installationId, userId),
      [
        ISSUE_TOKEN,
        [refreshHash, token.tokenHash, token.tokenId, JSON.stringify(scopes), at, token.expiresAt, usedAfter],
      ],
      [ISSUE_NEXT, [refreshHash, next.refreshHash, at, next.expiresAt, usedAfter]],
    ]);
    const [grantee] = found?.rows ?? [];
    return rotated?.count === 1 && grantee ? granteeOf(grantee) : undefined;
  },

  /**
   * Undoes that `refreshHash` was traded for `unseenHash`. False when it was not, when it was also traded for another, or when
   * its installation is on the move. The access token that nobody was told either ends within its hour.
   */
  takeBack: async (refreshHash: string, unseenHash: string): Promise<boolean> => {
    const [taken] = await db.batch([
      [TAKE_BACK, [refreshHash, unseenHash]],
      [END_UNSEEN, [refreshHash, unseenHash]],
    ]);
    return taken?.count === 1;
  },

  /** At most 500 in one go. */
  purge: async (expiredBefore: number) => (await db.batch([[PURGE, [expiredBefore]]]))[0]?.count ?? 0,
});
