/** An operation's ratio: our operations per CPU second over the floor's. `lowest` and `highest` are of single rounds. */
export interface Row {
  name: string;
  goal: number | undefined;
  ratio: number;
  lowest: number;
  highest: number;
}

export interface Figures {
  rows: Row[];
  /** MiB, ours and the floor's. */
  idle: readonly [number, number];
  loaded: readonly [number, number];
  startMilliseconds: number;
  pairs: number;
  rounds: number;
  cores: number;
}

const IDLE_MIB_MAX = 90;
const LOADED_MIB_MAX = 150;
const START_MILLISECONDS_MAX = 600;

const met = (yes: boolean) => (yes ? "met" : "missed");

const tableOf = (rows: readonly Row[]) => `| operation | ratio | single rounds | goal | |
|---|---|---|---|---|
${rows
  .map(
    ({ name, ratio, lowest, highest, goal }) =>
      `| ${name} | ${ratio.toFixed(2)} | ${lowest.toFixed(2)} to ${highest.toFixed(2)} | ${goal === undefined ? "| " : `${goal.toFixed(2)} | ${met(ratio >= goal)} `}|`,
  )
  .join("\n")}`;

/** The figures as Markdown. Times only as parts of others: alone they tell of the machine. */
export function report({ rows, idle, loaded, startMilliseconds, pairs, rounds, cores }: Figures): string {
  const memory = (name: string, [ours, floor]: readonly [number, number], most: number) =>
    `| resident memory, ${name} | ${Math.round(ours)} MiB | ${Math.round(floor)} MiB | ${most} MiB | ${met(ours < most)} |`;
  const start = startMilliseconds / START_MILLISECONDS_MAX;
  return `# Our server beside the floor

\`npm run bench\` writes this file. The floor is [floor.ts](floor.ts): bare \`node:http\` and \`node:sqlite\`, the same argon2id,
the same statements on a copy of the same databases with the same durability. Both run at once, are asked by turns
from a process of their own, 16 requests at a time, and answer the same. Medians of ${pairs * rounds} rounds, ${rounds} with each of ${pairs} pairs of
processes, because two processes of one program can differ by a quarter; on a machine of ${cores} cores, Node ${process.versions.node}.

How many a CPU second of ours serves, per one that a CPU second of the floor serves:

${tableOf(rows)}

A full password flow is three requests: the sign-in page, the password, the exchange.

Started on databases that exist; memory is the highest of the pairs:

| | ours | floor | goal, below | |
|---|---|---|---|---|
${memory("idle", idle, IDLE_MIB_MAX)}
${memory("at its highest under this load", loaded, LOADED_MIB_MAX)}
| from start to first answer, parts of 0.6 s | ${start.toFixed(2)} | | 1.00 | ${met(start < 1)} |
`;
}

/** Two processes beside one of the same program. */
export interface TwoProcesses {
  /** One has one core, with the load and PostgreSQL on it too; two have two. */
  oneCoreEach: readonly Row[];
  /** Either has the whole machine. */
  onAllCores: readonly Row[];
}

/** Our server on PostgreSQL beside the driver alone; two workers, and two processes of the driver, beside one. */
export interface PostgresFigures {
  besidePg: readonly Row[];
  twoWorkers: TwoProcesses;
  twoOfPg: TwoProcesses;
  rounds: number;
  /** Of two workers and one, and rounds with each. */
  pairs: number;
  pairRounds: number;
  cores: number;
}

export function reportPostgres(figures: PostgresFigures): string {
  const { besidePg, twoWorkers, twoOfPg, rounds, pairs, pairRounds, cores } = figures;
  return `# Our server on PostgreSQL

\`npm run bench -- postgres\` writes this file. Counted is the CPU time of the server's own processes, not PostgreSQL's.
Medians, on a machine of ${cores} cores, Node ${process.versions.node}; each answer is checked, and one that is not
the right one ends the run.

## Beside the driver alone

[floor-postgres.ts](floor-postgres.ts) is bare \`node:http\` and the \`pg\` driver on the same databases, with the same
options of V8: the same statements in the same round trips, as our own engine sends them. ${rounds} rounds. How many a CPU
second of ours serves, per one that a CPU second of that serves:

${tableOf(besidePg)}

## Two workers

\`LATCHKEY_WORKERS=2\` beside one process on the same databases. How many a CPU second of all processes of the two serves, per
one that a CPU second of the one serves. Each worker is asked for as much as the one process: the two together get twice as
many requests, and twice as many at a time (32 and 16), because workers are added for more load. A row without a goal tells
of 16 at a time for the two together. The driver alone, in the same way, tells what two processes lose whoever they are.
${pairRounds} rounds of short turns (one, two, two, one) with each of ${pairs} pairs, and with one pair of the driver alone.

A core for each worker: the one has one core of the machine, the two have two, and the load and PostgreSQL are on the same.

${tableOf([...twoWorkers.oneCoreEach, ...twoOfPg.oneCoreEach])}

The whole machine for either. Then the one has nearly a core for itself, and two share theirs with the load and PostgreSQL:

${tableOf([...twoWorkers.onAllCores, ...twoOfPg.onAllCores])}
`;
}
