import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database } from "../database.ts";
import { installationStays } from "./moving.ts";
import type { UserRole } from "./users.ts";

/** One of a person's users, as they see it themselves: with the installation's face. */
export interface OwnUserRecord {
  installationId: number;
  userId: number;
  firstName: string;
  lastName: string;
  role: UserRole;
  disabled: boolean;
  version: number;
  installationName: string;
  installationUrl: string;
  installationLogo: string;
}

const OF_ACCOUNT = `SELECT u.installation_id AS "installationId", u.user_id AS "userId", u.first_name AS "firstName",
    u.last_name AS "lastName", u.role, u.disabled, u.version, i.name AS "installationName", i.url AS "installationUrl",
    i.logo AS "installationLogo"
  FROM installation_user u JOIN installation i ON i.installation_id = u.installation_id
  WHERE u.account_id = $1 ORDER BY u.installation_id LIMIT 1000`;
const RENAME = `UPDATE installation_user SET first_name = $4, last_name = $5, updated_at = $6, version = version + 1
  WHERE installation_id = $1 AND user_id = $2 AND version = $3 AND disabled = 0 AND ${installationStays("$1")}`;

export const ownUsers = (db: Database) => ({
  /** The account's users in this region, at most 1,000, in the order of their installations. Disabled ones too. */
  ofAccount: async (accountId: string): Promise<OwnUserRecord[]> =>
    (await db.read<Omit<OwnUserRecord, "disabled"> & { disabled: number }>(OF_ACCOUNT, [accountId])).map((row) => ({
      ...row,
      disabled: row.disabled === 1,
    })),

  /** False when the row is no longer at `user.version`, or is switched off or on the move. */
  rename: (
    user: Pick<OwnUserRecord, "installationId" | "userId" | "version" | "firstName" | "lastName">,
    entry: AuditEntry,
  ): Promise<boolean> =>
    db.transaction(async (tx) => {
      const { installationId, userId, version, firstName, lastName } = user;
      const { count } = await tx.run(RENAME, [installationId, userId, version, firstName, lastName, entry.at]);
      if (count === 1) await tx.run(...auditStatement(entry));
      return count === 1;
    }),
});
