import { DatabaseUnavailable } from "../database.ts";
import { Conflict, StatementFailed } from "./failures.ts";

/** serialization_failure and deadlock_detected: nothing happened, try the whole again. */
const CONFLICTS = new Set(["40001", "40P01"]);

/**
 * Answers that blame the server, not the statement (postgresql.org/docs/current/errcodes-appendix.html): connections (08),
 * resources (53), shutdown and timeouts (57), disks (58), a session that idled in a transaction or took too long over one
 * (25P03, 25P04), a lock that was not had in time (55P03), a server that became a standby (25006), and one that cannot tell
 * whether it committed (40003).
 */
const UNAVAILABLE = /^(08...|40003|53...|57P..|57014|58...|25P0[34]|55P03|25006)$/;

/** A plan prepared before a migration changed its columns, or that is not there as we think: a fresh connection knows better. */
const isStalePlan = (error: unknown): boolean =>
  sqlState(error) === "26000" ||
  (error instanceof Error && "routine" in error && error.routine === "RevalidateCachedQuery");

/** The session cannot be used again: the server ends it, or has left the role we need. */
const SESSION_OVER = /^(08...|57P..|25P0[34]|25006)$/;

/** The server's SQLSTATE, or `undefined` when the failure came from the connection or from this process. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof Error && "severity" in error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

/** Whether it says nothing of how far the server got: silence, a pooler that has lost its server, or a server that cannot tell. */
export const leavesOpen = (error: unknown): boolean => /^(08...|40003)$/.test(sqlState(error) ?? "08000");

/** Whether a connection that failed so must not be used again. Without a SQLSTATE it was the connection itself. */
export const endsSession = (error: unknown): boolean =>
  !isOurs(error) && (isStalePlan(error) || SESSION_OVER.test(sqlState(error) ?? "08000"));

/** A parameter that was refused, or a number that was read and is beyond 2^53. */
const isOurs = (error: unknown) => error instanceof TypeError || error instanceof RangeError;

/** `pg` found the connection dead before it wrote anything. */
const neverSent = (error: unknown): error is Error =>
  error instanceof Error && error.message.endsWith("is not queryable");

/**
 * Whose fault it was. What the server says is passed on only where it cannot hold a value that a row or a caller holds;
 * its `detail` never ("Key (email)=(…) already exists").
 *
 * @param sent whether a COMMIT went out whose answer is not known.
 */
export function explain(database: string, error: unknown, sent: boolean, sql?: string): Error {
  if (error instanceof DatabaseUnavailable || error instanceof StatementFailed || error instanceof Conflict)
    return error;
  if (error instanceof Error && isOurs(error)) return error;
  const code = sqlState(error);
  if (neverSent(error)) return new Conflict(error.message, true);
  if (code === undefined || UNAVAILABLE.test(code)) {
    return new DatabaseUnavailable(database, sent ? "unknown" : "not-done", error);
  }
  if (isStalePlan(error)) return new Conflict(code, true);
  if (CONFLICTS.has(code)) return new Conflict(code);
  const speaksOfNames = code.startsWith("23") || code.startsWith("42");
  return new StatementFailed(speaksOfNames ? `${code} ${(error as Error).message}` : `SQLSTATE ${code}`, code, sql);
}

/** Of a BEGIN: that is never the statement's fault. A standby refuses it as a feature that it lacks (0A000). */
export function explainBegin(database: string, error: unknown): Error {
  const told = explain(database, error, false);
  return told instanceof StatementFailed ? new DatabaseUnavailable(database, "not-done", error) : told;
}
