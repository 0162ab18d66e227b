import type { Database, Statement } from "../database.ts";
import { findingGrantee, type Grantee, granteeOf } from "./grantees.ts";
import { installationStays } from "./moving.ts";
import { ISSUE_REFRESH_TOKEN, ISSUE_TOKEN } from "./tokens.ts";

/** One row of `code`. Times are seconds since 1970 UTC. The code itself is never stored. */
export interface CodeRecord {
  codeHash: string;
  clientId: string;
  installationId: number;
  userId: number;
  redirectUri: string;
  challenge: string | null;
  scopes: string[];
  nonce: string | null;
  authenticatedAt: number;
  expiresAt: number;
  /** The login it came from, for the app's timeline. */
  loginId: string | null;
  refusals: number;
  redeemedAt: number | null;
  tokenHash: string | null;
}

export interface NewCode extends Omit<CodeRecord, "refusals" | "redeemedAt" | "tokenHash"> {
  issuedAt: number;
}

/** What a redeemed code becomes. `expiresAt` is null for permanent tokens, which have no refresh token. */
export interface NewTokens {
  tokenHash: string;
  tokenId: string;
  expiresAt: number | null;
  refresh?: { refreshHash: string; expiresAt: number };
}

/** After this many refusals of its own app a code is dead: nobody guesses a verifier or redirect URI step by step. */
const REFUSALS_MAX = 10;

// A user that was disabled or deleted while its login was under way gets no code.
const ISSUE = `INSERT INTO code (code_hash, client_id, installation_id, user_id, redirect_uri, challenge, scopes, nonce,
    authenticated_at, issued_at, expires_at, login_id, refusals)
  SELECT $1, $2, installation_id, user_id, $5, $6, $7, $8, $9, $10, $11, $12, 0
  FROM installation_user WHERE installation_id = $3 AND user_id = $4 AND disabled = 0
    AND ${installationStays("installation_user.installation_id")}`;
const FIND = `SELECT code_hash AS "codeHash", client_id AS "clientId", installation_id AS "installationId",
  user_id AS "userId", redirect_uri AS "redirectUri", challenge, scopes, nonce, authenticated_at AS "authenticatedAt",
  expires_at AS "expiresAt", login_id AS "loginId", refusals, redeemed_at AS "redeemedAt", token_hash AS "tokenHash"
  FROM code WHERE code_hash = $1`;
const SPEND = `UPDATE code SET redeemed_at = $2, token_hash = $3
  WHERE code_hash = $1 AND redeemed_at IS NULL AND expires_at > $2 AND refusals < $4 AND EXISTS
    (SELECT 1 FROM installation_user u
      WHERE u.installation_id = code.installation_id AND u.user_id = code.user_id AND u.disabled = 0)
    AND ${installationStays("code.installation_id")}`;
const REFUSE = `UPDATE code SET refusals = refusals + 1 WHERE code_hash = $1 AND redeemed_at IS NULL
  AND ${installationStays("code.installation_id")}`;
// A redemption nobody was told of is taken back, so that the code is worth one again.
const TAKE_BACK = `UPDATE code SET redeemed_at = NULL, token_hash = NULL
  WHERE code_hash = $1 AND token_hash = $2 AND ${installationStays("code.installation_id")}`;
const TAKEN_BACK = `EXISTS (SELECT 1 FROM code WHERE code_hash = $1 AND token_hash IS NULL)`;
const END_UNSEEN_TOKEN = `DELETE FROM token WHERE code_hash = $1 AND token_hash = $2 AND ${TAKEN_BACK}`;
const END_UNSEEN_REFRESH = `DELETE FROM refresh_token WHERE code_hash = $1 AND ${TAKEN_BACK}`;
const PURGE = `DELETE FROM code WHERE code_hash IN (SELECT code_hash FROM code WHERE expires_at < $1 LIMIT 500)`;

export const codes = (db: Database) => ({
  /** False when the user is gone or disabled by now, or the installation is on the move. `also` runs in the same transaction. */
  issue: async (code: NewCode, also: readonly Statement[] = []): Promise<boolean> => {
    const [issued] = await db.batch([
      [
        ISSUE,
        [
          code.codeHash,
          code.clientId,
          code.installationId,
          code.userId,
          code.redirectUri,
          code.challenge,
          JSON.stringify(code.scopes),
          code.nonce,
          code.authenticatedAt,
          code.issuedAt,
          code.expiresAt,
          code.loginId,
        ],
      ],
      ...also,
    ]);
    return issued?.count === 1;
  },

  find: async (codeHash: string): Promise<CodeRecord | undefined> => {
    const [row] = await db.read<Omit<CodeRecord, "scopes"> & { scopes: string }>(FIND, [codeHash]);
    return row && { ...row, scopes: JSON.parse(row.scopes) };
  },

  /**
   * The single-use gate: answers exactly one caller per code, however many ask at once, on however many servers.
   * `undefined` for the others, and for codes that are late, dead, of a user that is gone or disabled, or of an
   * installation on the move.
   */
  redeem: async (code: CodeRecord, tokens: NewTokens, at: number): Promise<Grantee | undefined> => {
    const { codeHash, installationId, userId } = code;
    const { tokenHash, tokenId, expiresAt, refresh } = tokens;
    const [spent, found] = await db.batch([
      [SPEND, [codeHash, at, tokenHash, REFUSALS_MAX]],
      findingGrantee(installationId, userId),
      [ISSUE_TOKEN, [codeHash, tokenHash, tokenId, expiresAt]],
      ...(refresh
        ? ([[ISSUE_REFRESH_TOKEN, [codeHash, tokenHash, refresh.refreshHash, refresh.expiresAt]]] as const)
        : []),
    ]);
    const [grantee] = found?.rows ?? [];
    return spent?.count === 1 && grantee ? granteeOf(grantee) : undefined;
  },

  /** For a redemption whose answer was lost on the way. */
  granteeOf: async ({ installationId, userId }: CodeRecord): Promise<Grantee | undefined> => {
    const [sql, params] = findingGrantee(installationId, userId);
    const [row] = await db.read(sql, params);
    return row && granteeOf(row);
  },

  /** False when it was not counted: the code is spent, or its installation on the move. */
  refuse: async (codeHash: string): Promise<boolean> => (await db.batch([[REFUSE, [codeHash]]]))[0]?.count === 1,

  /** False when the code was not spent for `tokenHash`, or its installation is on the move. */
  takeBack: async (codeHash: string, tokenHash: string): Promise<boolean> => {
    const [taken] = await db.batch([
      [TAKE_BACK, [codeHash, tokenHash]],
      [END_UNSEEN_TOKEN, [codeHash, tokenHash]],
      [END_UNSEEN_REFRESH, [codeHash]],
    ]);
    return taken?.count === 1;
  },

  isDead: (code: CodeRecord) => code.refusals >= REFUSALS_MAX,

  /** At most 500 in one go. */
  purge: async (expiredBefore: number) => (await db.batch([[PURGE, [expiredBefore]]]))[0]?.count ?? 0,
});
