import { setTimeout as delay } from "node:timers/promises";
import { cpuMilliseconds, keepTo, type Subject } from "./children.ts";
import type { TwoProcesses } from "./report.ts";
import { type Measurement, perform, type Ratios, rowsOf, SETTLE_MILLISECONDS } from "./stage.ts";
import type { World } from "./world.ts";

/** Rounds before the first that counts: until what is hot is compiled, which takes tens of thousands of requests a process. */
const WARM_UP_ROUNDS = 15;

/** What neighbours on the machine do lasts for seconds, so a round is short turns that lie around each other. */
const TURNS = [
  [1, 2, 2, 1],
  [2, 1, 1, 2],
] as const;

type Processes = 1 | 2;

/** `count` is for each process. */
export interface ScalingMeasurement extends Measurement {
  /** Both together have the load of the one; absent: each of them has it. */
  sharedLoad?: boolean;
}

/** Where two processes are compared with one. */
interface Stand {
  of: Readonly<Record<Processes, Subject>>;
  /** Where codes are made: neither of the two subjects, for it would be the warmer one. */
  maker: Subject;
  world: World;
}

interface Terms extends Omit<Stand, "of"> {
  start: (processes: Processes) => Promise<Subject>;
  /** Two processes of one program differ by where things lie in memory, for as long as they live: so many pairs are started. */
  pairs: number;
  /** With each pair. */
  rounds: number;
}

/**
 * Two processes of one program beside one of it. Each process has the same number of requests: the two have twice as many
 * as the one, and twice as many at a time unless a measurement says otherwise.
 */
export async function measureTwo(
  { start, pairs, rounds, ...terms }: Terms,
  measured: readonly ScalingMeasurement[],
): Promise<TwoProcesses> {
  const onAllCores: Ratios[] = [];
  const oneCoreEach: Ratios[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const stand: Stand = { ...terms, of: { 1: await start(1), 2: await start(2) } };
    for (let round = 0; round < WARM_UP_ROUNDS; round++)
      for (const measurement of measured) {
        await makeReady(stand, measurement, 3);
        for (const processes of [1, 2] as const) await ask(stand, measurement, processes);
      }
    onAllCores.push(await ratiosOf(stand, measured, rounds, false));
    oneCoreEach.push(await ratiosOf(stand, measured, rounds, true));
    await Promise.all([stand.of[1].stop(), stand.of[2].stop()]);
  }
  return { oneCoreEach: rowsOf(measured, ...oneCoreEach), onAllCores: rowsOf(measured, ...onAllCores) };
}

async function ratiosOf(
  stand: Stand,
  measured: readonly ScalingMeasurement[],
  rounds: number,
  oneCoreEach: boolean,
): Promise<Ratios> {
  const ratios = new Map<string, number[]>();
  for (let round = 1; round <= rounds; round++)
    for (const measurement of measured) {
      const cost = await costOf(stand, measurement, TURNS[round % 2] ?? TURNS[0], oneCoreEach);
      const ratio = cost[1] / cost[2];
      const us = (milliseconds: number) => `${Math.round(milliseconds * 1e3)} us`;
      const place = oneCoreEach ? "a core each" : "all cores";
      console.log(`${round}/${rounds}`, place, measurement.name, us(cost[2]), us(cost[1]), ratio.toFixed(2));
      ratios.set(measurement.name, [...(ratios.get(measurement.name) ?? []), ratio]);
    }
  return ratios;
}

/** CPU milliseconds of a request at the one and at the two, with what it leaves to be written a second later. */
async function costOf(
  stand: Stand,
  measurement: ScalingMeasurement,
  turns: readonly Processes[],
  oneCoreEach: boolean,
): Promise<Record<Processes, number>> {
  const cost = { 1: 0, 2: 0 };
  await makeReady(stand, measurement, 6);
  for (const processes of turns) {
    if (oneCoreEach) keepTo(processes);
    const { pid } = stand.of[processes];
    const before = cpuMilliseconds(pid);
    await ask(stand, measurement, processes, oneCoreEach);
    await delay(SETTLE_MILLISECONDS);
    cost[processes] += (cpuMilliseconds(pid) - before) / (2 * processes * measurement.count);
  }
  if (oneCoreEach) keepTo(Number.POSITIVE_INFINITY);
  return cost;
}

/** Makes what so many processes' requests will use up. */
async function makeReady(
  { maker, world }: Stand,
  { before, count }: ScalingMeasurement,
  processes: number,
): Promise<void> {
  if (before) await perform({ port: maker.port, operation: before, count: count * processes, world });
}

function ask(
  { of, maker, world }: Stand,
  { operation, count, sharedLoad = false }: ScalingMeasurement,
  processes: Processes,
  drowsy = false,
): Promise<void> {
  const { port } = of[processes];
  const loads = sharedLoad ? 1 : processes;
  return perform({ port, purse: maker.port, operation, count: count * processes, loads, world, drowsy });
}
