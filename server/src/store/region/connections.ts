import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database, Param, Statement } from "../database.ts";
import { installationStays } from "./moving.ts";

/** What a user has let an app do. Times are seconds since 1970 UTC. */
export interface ConsentOfAccount {
  installationId: number;
  userId: number;
  clientId: string;
  scopes: readonly string[];
  createdAt: number;
}

/** What an app holds for a user, by the scopes it holds it with. */
export interface GrantsOfAccount {
  installationId: number;
  userId: number;
  clientId: string;
  scopes: readonly string[];
  firstIssuedAt: number;
  /** Null: not yet. Refresh tokens are used by none but the app itself. */
  firstUsedAt: number | null;
  /** To the hour. */
  lastUsedAt: number | null;
}

const USERS = `SELECT installation_id, user_id FROM installation_user WHERE account_id = $1`;
const CONSENTS = `SELECT c.installation_id AS "installationId", c.user_id AS "userId", c.client_id AS "clientId", c.scopes,
    c.created_at AS "createdAt"
  FROM (${USERS}) u JOIN consent c ON c.installation_id = u.installation_id AND c.user_id = u.user_id
  ORDER BY c.installation_id, c.client_id LIMIT 1000`;
const HELD = [
  { table: "token", used: `MIN(t.first_used_at) AS "firstUsedAt", MAX(t.last_used_at) AS "lastUsedAt"` },
  { table: "refresh_token", used: `NULL AS "firstUsedAt", NULL AS "lastUsedAt"` },
].map(
  ({
    table,
    used,
  }) => `SELECT t.installation_id AS "installationId", t.user_id AS "userId", t.client_id AS "clientId", t.scopes,
    MIN(t.issued_at) AS "firstIssuedAt", ${used}
  FROM (${USERS}) u JOIN ${table} t ON t.installation_id = u.installation_id AND t.user_id = u.user_id
  WHERE t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)
  GROUP BY t.installation_id, t.user_id, t.client_id, t.scopes
  ORDER BY t.installation_id, t.client_id LIMIT 1000`,
);

const STAYS = `SELECT user_id FROM installation_user
  WHERE installation_id = $1 AND user_id = $2 AND ${installationStays("$1")}`;
// Only codes that still work are looked at, by their expiry: no index by user is kept for what lives a quarter of an hour.
const END_CODES = `DELETE FROM code
  WHERE expires_at > $4 AND installation_id = $1 AND user_id = $2 AND client_id = $3 AND redeemed_at IS NULL`;
const END_REFRESH_TOKENS = `UPDATE refresh_token SET revoked_at = $4
  WHERE installation_id = $1 AND user_id = $2 AND client_id = $3 AND revoked_at IS NULL`;
const END_TOKENS = `UPDATE token SET revoked_at = $4
  WHERE installation_id = $1 AND user_id = $2 AND client_id = $3 AND revoked_at IS NULL`;
const END_CONSENT = `DELETE FROM consent WHERE installation_id = $1 AND user_id = $2 AND client_id = $3`;
const END_TOKENS_BUT = `UPDATE token SET revoked_at = $4
  WHERE installation_id = $1 AND user_id = $2 AND client_id = $3 AND revoked_at IS NULL AND token_id <> $5
    AND ${installationStays("$1")}`;
const FIND_LEFT = `SELECT token_id FROM token
  WHERE installation_id = $1 AND user_id = $2 AND client_id = $3 AND revoked_at IS NULL AND token_id <> $4 LIMIT 1`;

/** The apps that act for the users of an account in this region. */
export const connections = (db: Database) => ({
  consents: async (accountId: string): Promise<ConsentOfAccount[]> =>
    (await db.read<Omit<ConsentOfAccount, "scopes"> & { scopes: string }>(CONSENTS, [accountId])).map(withScopes),

  /** Tokens and refresh tokens that still count, summed up. */
  grants: async (accountId: string, now: number): Promise<GrantsOfAccount[]> => {
    const rows = await Promise.all(
      HELD.map((sql) => db.read<Omit<GrantsOfAccount, "scopes"> & { scopes: string }>(sql, [accountId, now])),
    );
    return rows.flat().map(withScopes);
  },

  /**
   * Ends all that an app has of a user, the consent too. In this order nothing slips through: an exchange under way holds
   * its code's row and a refresh its token's, so what they make is there to be seen when its own turn comes.
   * False when the user is gone or on the move.
   */
  end: (installationId: number, userId: number, clientId: string, entry: AuditEntry): Promise<boolean> =>
    db.transaction(async (tx) => {
      if ((await tx.run(STAYS, [installationId, userId])).rows.length === 0) return false;
      const params: Param[] = [installationId, userId, clientId, entry.at];
      await tx.run(END_CODES, params);
      // Whatever a refresh made while its row was waited for is ended by the next turn.
      while ((await tx.run(END_REFRESH_TOKENS, params)).count > 0);
      await tx.run(END_TOKENS, params);
      await tx.run(END_CONSENT, [installationId, userId, clientId]);
      await tx.run(...auditStatement(entry));
      return true;
    }),

  /** Ends an app's tokens of some users but for one. False when some are left because they are on the move. */
  endTokensBut: async (
    users: readonly { installationId: number; userId: number }[],
    clientId: string,
    at: number,
    but: string,
  ): Promise<boolean> => {
    const results = await db.batch(
      users.flatMap(({ installationId, userId }): Statement[] => [
        [END_TOKENS_BUT, [installationId, userId, clientId, at, but]],
        [FIND_LEFT, [installationId, userId, clientId, but]],
      ]),
    );
    return results.every(({ rows }) => rows.length === 0);
  },
});

const withScopes = <T extends { scopes: string }>(row: T): Omit<T, "scopes"> & { scopes: string[] } => ({
  ...row,
  scopes: JSON.parse(row.scopes),
});
