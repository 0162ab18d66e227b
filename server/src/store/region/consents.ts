import type { Statement } from "../database.ts";
import { installationStays } from "./moving.ts";

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
};
