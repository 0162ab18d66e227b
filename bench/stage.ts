/** Where servers are compared: a directory, a load in a process of its own, and rounds of turns. */
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cpuMilliseconds, keep, keepTo, type Subject, startSubject } from "./children.ts";
import type { Job, JobDone, Operation } from "./load.ts";
import type { Row } from "./report.ts";
import type { World } from "./world.ts";

const MINUTES_MAX = 30;
/** What the last job left to do must not count for the next: the timeline is written each second. */
const SETTLE_MILLISECONDS = 1_200;

export interface Measurement {
  operation: Operation;
  name: string;
  count: number;
  /** Absent: it is measured for comparison only. */
  goal?: number;
  /** What makes the codes that are exchanged. */
  before?: Operation;
}

export interface Comparison {
  /** Where codes are made, when not by the one that exchanges them. */
  maker?: Subject;
  rounds: number;
  /** So many rounds' worth of each operation at one go before the first round; absent: none. */
  warmUpRounds?: number;
  /** How many cores one of them has, together with the load and PostgreSQL; absent: all there are. */
  coresOf?: (subject: Subject) => number;
}

export const directory = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
setTimeout(() => {
  console.error(`Not done after ${MINUTES_MAX} minutes.`);
  process.exit(1);
}, MINUTES_MAX * 60_000).unref();

export const secret = randomBytes(32).toString("base64");
export const adminToken = randomBytes(16).toString("hex");
const load = keep(fork(new URL("load.ts", import.meta.url)));
export const endLoad = () => load.kill();

/** Ratios of single rounds: the second's cost over the first's. */
export type Ratios = ReadonlyMap<Operation, readonly number[]>;

/** Each operation by turns: who is first in one round is last in the next. */
export async function compare(
  [ours, other]: readonly [Subject, Subject],
  world: World,
  measured: readonly Measurement[],
  { maker, rounds, warmUpRounds = 0, coresOf }: Comparison,
): Promise<Ratios> {
  const ask = async (subject: Subject, { operation, before }: Measurement, count: number) => {
    const purse = (maker ?? subject).port;
    if (before) await perform({ port: purse, purse, operation: before, count, world });
    await delay(SETTLE_MILLISECONDS);
    if (coresOf) keepTo(coresOf(subject));
    const used = cpuMilliseconds(subject.pid);
    await perform({ port: subject.port, purse, operation, count, world, drowsy: coresOf !== undefined });
    return cpuMilliseconds(subject.pid) - used;
  };
  for (const measurement of warmUpRounds > 0 ? measured : [])
    for (const subject of [ours, other]) await ask(subject, measurement, measurement.count * warmUpRounds);
  const ratios = new Map<Operation, number[]>();
  for (let round = 1; round <= rounds; round++)
    for (const measurement of measured) {
      const { operation, count } = measurement;
      const cost = new Map<Subject, number>();
      for (const subject of round % 2 === 0 ? [ours, other] : [other, ours])
        cost.set(subject, await ask(subject, measurement, count));
      const [our = 0, least = 0] = [cost.get(ours), cost.get(other)];
      const us = (milliseconds: number) => `${Math.round((milliseconds / count) * 1e3)} us`;
      const ratio = least / our;
      console.log(`${round}/${rounds}`, operation, us(our), us(least), ratio.toFixed(2));
      ratios.set(operation, [...(ratios.get(operation) ?? []), ratio]);
    }
  if (coresOf) keepTo(Number.POSITIVE_INFINITY);
  return ratios;
}

/** Of one comparison, or of several together. */
export const rowsOf = (measured: readonly Measurement[], ...comparisons: readonly Ratios[]): Row[] =>
  measured.map(({ operation, name, goal }) => {
    const all = comparisons.flatMap((ratios) => ratios.get(operation) ?? []);
    return { name, goal, ratio: median(all), lowest: Math.min(...all), highest: Math.max(...all) };
  });

/** @throws {Error} at the first answer that is not the right one. */
export function perform(job: Job): Promise<void> {
  load.send(job);
  return new Promise((resolve, reject) => {
    load.once("message", ({ failure }: JobDone) => (failure === undefined ? resolve() : reject(new Error(failure))));
  });
}

export const startServer = (settings: Record<string, string> = {}): Promise<Subject> =>
  startSubject(
    "our server",
    "start.mjs",
    (port) => ({
      LATCHKEY_PORT: String(port),
      LATCHKEY_DATA: join(directory, "ours"),
      LATCHKEY_SECRET: secret,
      LATCHKEY_ADMIN_TOKEN: adminToken,
      LATCHKEY_LIMITS: "off",
      LATCHKEY_DEMO: "off",
      ...settings,
    }),
    join(directory, "ours.log"),
  );

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
