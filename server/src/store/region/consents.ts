import type { Statement } from "../database.ts";
import { installationStays } from "./moving.ts";

// Before GIVE. A second server that asks at the same moment may tell of it too: better twice than never.
const ENQUEUE_FIRST_NOTICE = `INSERT INTO mail (mail_id, sealed_message, created_at, attempts, next_attempt_at)
  SELECT $4, $5, CAST($6 AS BIGINT), 0, CAST($6 AS BIGINT) FROM installation_user u
  WHERE u.installation_id = $1 AND u.user_id = $2 AND u.disabled = 0 AND ${installationStays("$1")} AND NOT EXISTS
    (SELECT 1 FROM consent WHERE installation_id = $1 AND user_id = $2 AND client_id = $3)`;
const GIVE = `INSERT INTO consent (installation_id, user_id, client_id, scopes, created_at, updated_at)
  SELECT $1, $2, $3, $4, $5, $5 WHERE ${installationStays("$1")}
  ON CONFLICT (installation_id, user_id, client_id) DO UPDATE SET scopes = $4, updated_at = $5`;

/** What a user lets an app do, per installation. Read with the user, in users.ts. */
export const consents = {
  /** For the batch that issues the code: a consent without its login would be a consent nobody gave. */
  giving: (
    installationId: number,
    userId: number,
    clientId: string,
    scopes: readonly string[],
    at: number,
  ): Statement => [GIVE, [installationId, userId, clientId, JSON.stringify(scopes), at]],

  /** Queues the mail if this is the first time; for the same batch, before `giving`. */
  tellingOfFirst: (
    installationId: number,
    userId: number,
    clientId: string,
    { mailId, sealedMessage }: { mailId: string; sealedMessage: string },
    at: number,
  ): Statement => [ENQUEUE_FIRST_NOTICE, [installationId, userId, clientId, mailId, sealedMessage, at]],
};
