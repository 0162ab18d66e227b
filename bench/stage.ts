/** Where servers are compared: a directory, a load in a process of its own, and rounds of turns. */
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cpuMilliseconds, keep, type Subject, startSubject } from "./children.ts";
import type { Job, JobDone, Operation } from "./load.ts";
import type { Row } from "./report.ts";
import type { World } from "./world.ts";

const MINUTES_MAX = 45;
/** What the last job left to do must not count for the next: the timeline is written each second. */
export const SETTLE_MILLISECONDS = 1_200;

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

/** Ratios of single rounds by a measurement's name: the other's cost over that of ours. */
export type Ratios = ReadonlyMap<string, readonly number[]>;

/** Each operation by turns: who is first in one round is last in the next. */
export async function compare(
  [ours, other]: readonly [Subject, Subject],
  world: World,
  measured: readonly Measurement[],
  { maker, rounds, warmUpRounds = 0 }: Comparison,
): Promise<Ratios> {
  const ask = async (subject: Subject, { operation, before }: Measurement, count: number) => {
    const purse = (maker ?? subject).port;
    if (before) await perform({ port: purse, purse, operation: before, count, world });
    await delay(SETTLE_MILLISECONDS);
    const used = cpuMilliseconds(subject.pid);
    await perform({ port: subject.port, purse, operation, count, world });
    return cpuMilliseconds(subject.pid) - used;
  };
  for (const measurement of warmUpRounds > 0 ? measured : [])
    for (const subject of [ours, other]) await ask(subject, measurement, measurement.count * warmUpRounds);
  const ratios = new Map<string, number[]>();
  for (let round = 1; round <= rounds; round++)
    for (const measurement of measured) {
      const { name, count } = measurement;
      const cost = new Map<Subject, number>();
      for (const subject of round % 2 === 0 ? [ours, other] : [other, ours])
        cost.set(subject, await ask(subject, measurement, count));
      const [our = 0, least = 0] = [cost.get(ours), cost.get(other)];
      const us = (milliseconds: number) => `${Math.round((milliseconds / count) * 1e3)} us`;
      const ratio = least / our;
      console.log(`${round}/${rounds}`, name, us(our), us(least), ratio.toFixed(2));
      ratios.set(name, [...(ratios.get(name) ?? []), ratio]);
    }
  return ratios;
}

/** Of one comparison, or of several together. */
export const rowsOf = (measured: readonly Measurement[], ...comparisons: readonly Ratios[]): Row[] =>
  measured.map(({ name, goal }) => {
    const all = comparisons.flatMap((ratios) => ratios.get(name) ?? []);
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
