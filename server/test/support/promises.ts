import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";

/** What a fault did, for the table that `npm run test:faults` prints. */
export interface FaultReport {
  fault: string;
  /** What must hold whatever happens. It was asserted before. */
  promise: string;
  /** What was seen: counts, answers. */
  happened: string;
  /** From the end of the fault until all works again, or as `promise` says. */
  milliseconds?: number;
  goalMilliseconds?: number;
}

/** A busy machine is slow: only what is far from the goal is a fault of ours. */
const TOLERANCE = 5;

/** Where run.mjs finds the rows of the table. */
export const REPORTS_FILE = "faults.jsonl";

export function reportFault(report: FaultReport): void {
  const { fault, happened, milliseconds, goalMilliseconds } = report;
  const shared = process.env.LATCHKEY_TEST_SHARED;
  if (shared) appendFileSync(join(shared, REPORTS_FILE), `${JSON.stringify(report)}\n`);
  else console.log(`# ${fault}: ${happened}${milliseconds === undefined ? "" : ` (${Math.round(milliseconds)} ms)`}`);
  if (milliseconds !== undefined && goalMilliseconds !== undefined)
    assert.ok(
      milliseconds <= goalMilliseconds * TOLERANCE,
      `${fault}: ${milliseconds} ms, goal ${goalMilliseconds} ms`,
    );
}
