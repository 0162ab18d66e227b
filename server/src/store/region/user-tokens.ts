import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database } from "../database.ts";
import { installationStays } from "./moving.ts";

/** A token that nobody revoked, as an operator sees it. The token itself is stored nowhere. Times are seconds since 1970 UTC. */
export interface UserToken {
  tokenId: string;
  clientId: string;
  scopes: readonly string[];
  issuedAt: number;
  expiresAt: number | null;
}

type Row = Omit<UserToken, "scopes"> & { scopes: string };

const COLUMNS = `token_id AS "tokenId", client_id AS "clientId", scopes, issued_at AS "issuedAt", expires_at AS "expiresAt"`;
const FIND = `SELECT ${COLUMNS} FROM token
  WHERE installation_id = $1 AND user_id = $2 AND token_id = $3 AND revoked_at IS NULL`;
const PAGE = `SELECT ${COLUMNS} FROM token
  WHERE installation_id = $1 AND user_id = $2 AND token_id > $3 AND revoked_at IS NULL ORDER BY token_id LIMIT $4`;
const REVOKE = `UPDATE token SET revoked_at = $4
  WHERE installation_id = $1 AND user_id = $2 AND token_id = $3 AND revoked_at IS NULL
    AND ${installationStays("$1")}`;
const GRANT = `SELECT code_hash FROM token WHERE installation_id = $1 AND user_id = $2 AND token_id = $3`;
const REVOKE_REST = `UPDATE token SET revoked_at = $4 WHERE revoked_at IS NULL AND code_hash IN (${GRANT})`;
const REVOKE_REFRESH = `UPDATE refresh_token SET revoked_at = $4 WHERE revoked_at IS NULL AND code_hash IN (${GRANT})`;

/** The tokens of one user, by the id that names a token without being one. */
export const userTokens = (db: Database) => ({
  find: async (installationId: number, userId: number, tokenId: string): Promise<UserToken | undefined> =>
    (await db.read<Row>(FIND, [installationId, userId, tokenId])).map(userTokenOf)[0],

  page: async (installationId: number, userId: number, after: string, limit: number): Promise<UserToken[]> =>
    (await db.read<Row>(PAGE, [installationId, userId, after, limit])).map(userTokenOf),

  /** Ends the token and all that came from the same login, so that no refresh token brings it back. False when it had ended, or is on the move. */
  revoke: (installationId: number, userId: number, tokenId: string, entry: AuditEntry): Promise<boolean> =>
    db.transaction(async (tx) => {
      const params = [installationId, userId, tokenId, entry.at];
      const { count } = await tx.run(REVOKE, params);
      if (count === 0) return false;
      await tx.run(REVOKE_REST, params);
      await tx.run(REVOKE_REFRESH, params);
      await tx.run(...auditStatement(entry));
      return true;
    }),
});

const userTokenOf = (row: Row): UserToken => ({ ...row, scopes: JSON.parse(row.scopes) });
