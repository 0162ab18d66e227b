import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database, Statement } from "../database.ts";
import { writeAndTell } from "./changes.ts";

export type MoveState = "copying" | "flipped" | "done" | "undoing" | "undone";

/** One row of `move`: the last move of an installation or an account. Times are seconds since 1970 UTC. */
export interface Move {
  kind: "installation" | "account";
  /** The installation's id or the account's, as text. */
  subject: string;
  moveId: string;
  fromRegion: string;
  toRegion: string;
  state: MoveState;
  copiedRows: number;
  /** Why it does not get on, for the operator; empty when it does. Nothing personal. */
  problem: string;
  startedAt: number;
  flippedAt: number | null;
  finishedAt: number | null;
}

const COLUMNS = `kind, subject, move_id AS "moveId", from_region AS "fromRegion", to_region AS "toRegion", state,
  copied_rows AS "copiedRows", problem, started_at AS "startedAt", flipped_at AS "flippedAt", finished_at AS "finishedAt"`;
const FIND = `SELECT ${COLUMNS} FROM move WHERE kind = $1 AND subject = $2`;
const UNFINISHED = `SELECT ${COLUMNS} FROM move WHERE finished_at IS NULL ORDER BY started_at LIMIT 100`;
const START = `INSERT INTO move (kind, subject, move_id, from_region, to_region, started_at, state, owner, lease_ends_at,
    copied_rows, problem)
  VALUES ($1, $2, $3, $4, $5, $6, 'copying', '', 0, 0, '')
  ON CONFLICT (kind, subject) DO UPDATE SET move_id = $3, from_region = $4, to_region = $5, started_at = $6,
    state = 'copying', owner = '', lease_ends_at = 0, copied_rows = 0, problem = '', flipped_at = NULL, finished_at = NULL
  WHERE move.finished_at IS NOT NULL`;
const CLAIM = `UPDATE move SET owner = $3, lease_ends_at = $4
  WHERE kind = $1 AND subject = $2 AND finished_at IS NULL AND (owner = $3 OR lease_ends_at <= $5) RETURNING ${COLUMNS}`;
const HOLD = `UPDATE move SET lease_ends_at = $6, copied_rows = copied_rows + $7
  WHERE kind = $1 AND subject = $2 AND move_id = $3 AND owner = $4 AND state = $5`;
const REPORT = `UPDATE move SET problem = $4, lease_ends_at = 0 WHERE kind = $1 AND subject = $2 AND owner = $3`;
const UNDO = `UPDATE move SET state = 'undoing', problem = '' WHERE kind = $1 AND subject = $2 AND state = 'copying'`;
const FLIP = `UPDATE move SET state = 'flipped', flipped_at = $5
  WHERE kind = $1 AND subject = $2 AND move_id = $3 AND owner = $4 AND state = 'copying'`;
const FINISH = `UPDATE move SET state = $5, finished_at = $6, problem = ''
  WHERE kind = $1 AND subject = $2 AND move_id = $3 AND owner = $4 AND finished_at IS NULL`;
const ROUTE_INSTALLATION = `UPDATE installation_route SET region = $2, moved_at = $3 WHERE installation_id = $1`;
const ROUTE_ACCOUNT = `UPDATE account_route SET region = $2 WHERE account_id = $1`;
const ROUTE_MEMBERS = `UPDATE account_installation SET region = $2 WHERE installation_id = $1 AND account_id IN (
  SELECT account_id FROM account_installation WHERE installation_id = $1 AND region <> $2 LIMIT $3)`;
const MOVED = `SELECT installation_id AS "installationId", region FROM installation_route
  WHERE moved_at IS NOT NULL AND installation_id > $1 ORDER BY installation_id LIMIT $2`;

/** Moves between regions. Who works on one holds its lease, so that after a kill -9 another server goes on. */
export const moves = (db: Database) => ({
  /** Seconds since 1970 UTC by the directory's own clock: leases and graces go by one clock whichever server looks. */
  now: () => db.now(),

  find: async (kind: Move["kind"], subject: string): Promise<Move | undefined> =>
    (await db.read<Move>(FIND, [kind, subject]))[0],

  unfinished: (): Promise<Move[]> => db.read<Move>(UNFINISHED, []),

  /** False when one of the same subject is under way. */
  start: (move: Pick<Move, "kind" | "subject" | "moveId" | "fromRegion" | "toRegion">, entry: AuditEntry) =>
    db.transaction(async (tx) => {
      const { kind, subject, moveId, fromRegion, toRegion } = move;
      const { count } = await tx.run(START, [kind, subject, moveId, fromRegion, toRegion, entry.at]);
      if (count === 1) await tx.run(...auditStatement(entry));
      return count === 1;
    }),

  /** The move as it stands, held by `owner` until `leaseEndsAt`; `undefined` when it is over or another server's. */
  claim: async (move: Move, owner: string, leaseEndsAt: number): Promise<Move | undefined> => {
    const [claimed] = await db.batch([[CLAIM, [move.kind, move.subject, owner, leaseEndsAt, db.now()]]]);
    return claimed?.rows[0] as unknown as Move | undefined;
  },

  /** Prolongs the lease. False when it is lost, or the move is not in this state any more. */
  hold: async (move: Move, owner: string, leaseEndsAt: number, copiedRows: number): Promise<boolean> => {
    const { kind, subject, moveId, state } = move;
    const [held] = await db.batch([[HOLD, [kind, subject, moveId, owner, state, leaseEndsAt, copiedRows]]]);
    return held?.count === 1;
  },

  /** Says why the move waits, and lets go of it. */
  report: async (move: Move, owner: string, problem: string): Promise<void> => {
    await db.batch([[REPORT, [move.kind, move.subject, owner, problem]]]);
  },

  /** False when there is nothing to undo any more: it has flipped, or is over. */
  undo: (move: Move, entry: AuditEntry): Promise<boolean> =>
    db.transaction(async (tx) => {
      const { count } = await tx.run(UNDO, [move.kind, move.subject]);
      if (count === 1) await tx.run(...auditStatement(entry));
      return count === 1;
    }),

  /** The point of no return, in one transaction: the route leads to the new region, and every server is told. */
  flip: (move: Move, owner: string, entry: AuditEntry): Promise<boolean> => {
    const { kind, subject, moveId, toRegion } = move;
    const at = db.now();
    const route: Statement =
      kind === "installation"
        ? [ROUTE_INSTALLATION, [Number(subject), toRegion, at]]
        : [ROUTE_ACCOUNT, [subject, toRegion]];
    return writeAndTell(db, `${kind}-route`, subject, entry, [FLIP, [kind, subject, moveId, owner, at]], [route]);
  },

  finish: async (move: Move, owner: string, state: "done" | "undone"): Promise<void> => {
    await db.batch([[FINISH, [move.kind, move.subject, move.moveId, owner, state, db.now()]]]);
  },

  /** Lets up to `limit` members' routes name the installation's region, and says how many. */
  routeMembers: async (installationId: number, region: string, limit: number): Promise<number> =>
    (await db.batch([[ROUTE_MEMBERS, [installationId, region, limit]]]))[0]?.count ?? 0,

  /** Installations that ever moved, and where they are now. */
  movedInstallations: (after: number, limit: number) =>
    db.read<{ installationId: number; region: string }>(MOVED, [after, limit]),
});
