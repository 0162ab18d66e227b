import type { Database } from "../database.ts";

export type MoveKind = "installation" | "account";

/**
 * What a mark says of the region it stands in: the rows are those of old, or copies on their way in, or copies that an
 * undone move left and that are being removed.
 */
export type MarkRole = "leaving" | "arriving" | "discarded";

/** Addresses that an installation is to have where it goes; `null`: the same as now. */
export interface NewAddresses {
  url: string | null;
  apiEndPoint: string | null;
}

/**
 * The condition that lets a write happen only while its installation stays, for the write's own statement: so no write
 * slips past a mark. Who is refused by it answers 503, and its caller comes again.
 *
 * @param id  the column or parameter that holds the installation's id.
 */
export const installationStays = (id: string) =>
  `NOT EXISTS (SELECT 1 FROM moving_installation m WHERE m.installation_id = ${id})`;

/** The same for an account. */
export const accountStays = (id: string) => `NOT EXISTS (SELECT 1 FROM moving_account m WHERE m.account_id = ${id})`;

const MARK = {
  installation: `INSERT INTO moving_installation (installation_id, move_id, role, url, api_end_point)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
  account: `INSERT INTO moving_account (account_id, move_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
};
const SET_ROLE = {
  installation: `UPDATE moving_installation SET role = $3 WHERE installation_id = $1 AND move_id = $2`,
  account: `UPDATE moving_account SET role = $3 WHERE account_id = $1 AND move_id = $2`,
};
const UNMARK = {
  installation: `DELETE FROM moving_installation WHERE installation_id = $1 AND move_id = $2`,
  account: `DELETE FROM moving_account WHERE account_id = $1 AND move_id = $2`,
};
const UNMARK_OTHERS = {
  installation: `DELETE FROM moving_installation WHERE installation_id = $1 AND move_id <> $2`,
  account: `DELETE FROM moving_account WHERE account_id = $1 AND move_id <> $2`,
};
const FIND_MARK = {
  installation: `SELECT move_id AS "moveId" FROM moving_installation WHERE installation_id = $1`,
  account: `SELECT move_id AS "moveId" FROM moving_account WHERE account_id = $1`,
};
const NEW_ADDRESS = `FROM moving_installation WHERE installation_id = $1 AND move_id = $2 AND role = 'arriving'`;
const SET_ADDRESSES = `UPDATE installation SET url = COALESCE((SELECT url ${NEW_ADDRESS}), url),
    api_end_point = COALESCE((SELECT api_end_point ${NEW_ADDRESS}), api_end_point)
  WHERE installation_id = $1 AND EXISTS (SELECT 1 ${NEW_ADDRESS})`;

const columnOf = { installation: "installation_id", account: "account_id" };
export const subjectOf = (kind: MoveKind, subject: string) => (kind === "installation" ? Number(subject) : subject);
export const markTable = (kind: MoveKind) => ({ table: `moving_${kind}`, column: columnOf[kind] });

/** The marks of installations and accounts that are on their way to or from this region. */
export const moving = (db: Database) => ({
  mark: async (kind: MoveKind, subject: string, moveId: string, role: MarkRole, to?: NewAddresses): Promise<void> => {
    const params = [subjectOf(kind, subject), moveId, role];
    const addresses = kind === "installation" ? [to?.url ?? null, to?.apiEndPoint ?? null] : [];
    await db.batch([[MARK[kind], [...params, ...addresses]]]);
  },

  setRole: async (kind: MoveKind, subject: string, moveId: string, role: MarkRole): Promise<void> => {
    await db.batch([[SET_ROLE[kind], [subjectOf(kind, subject), moveId, role]]]);
  },

  unmark: async (kind: MoveKind, subject: string, moveId: string): Promise<void> => {
    await db.batch([[UNMARK[kind], [subjectOf(kind, subject), moveId]]]);
  },

  /** Removes what a call left that marked and was cut off before its move began. */
  unmarkOthers: async (kind: MoveKind, subject: string, moveId: string): Promise<void> => {
    await db.batch([[UNMARK_OTHERS[kind], [subjectOf(kind, subject), moveId]]]);
  },

  isMoving: async (kind: MoveKind, subject: string | number): Promise<boolean> =>
    (await db.read(FIND_MARK[kind], [subject])).length > 0,

  /** Gives the copy of an installation the addresses that its mark holds. */
  setAddresses: async (installationId: number, moveId: string): Promise<void> => {
    await db.batch([[SET_ADDRESSES, [installationId, moveId]]]);
  },

  /** Resolves when no write is under way any more that began before this call, and so may not have seen a mark. */
  settled: () => db.settled(),
});
