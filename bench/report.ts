/** An operation's ratio: our operations per CPU second over the floor's. `lowest` and `highest` are of single rounds. */
export interface Row {
  name: string;
  goal: number;
  ratio: number;
  lowest: number;
  highest: number;
}

export interface Figures {
  rows: Row[];
  idleMiB: number;
  loadedMiB: number;
  startMilliseconds: number;
  rounds: number;
  cores: number;
}

const IDLE_MIB_MAX = 90;
const LOADED_MIB_MAX = 150;
const START_MILLISECONDS_MAX = 600;

/** The figures as Markdown. Times only as parts of others: alone they tell of the machine. */
export function report({ rows, idleMiB, loadedMiB, startMilliseconds, rounds, cores }: Figures): string {
  const met = (yes: boolean) => (yes ? "met" : "missed");
  const ratios = rows.map(
    ({ name, ratio, lowest, highest, goal }) =>
      `| ${name} | ${ratio.toFixed(2)} | ${lowest.toFixed(2)} to ${highest.toFixed(2)} | ${goal.toFixed(2)} | ${met(ratio >= goal)} |`,
  );
  const limit = (name: string, value: string, most: string, yes: boolean) =>
    `| ${name} | ${value} | ${most} | ${met(yes)} |`;
  const start = startMilliseconds / START_MILLISECONDS_MAX;
  return `# Our server beside the floor

\`npm run bench\` writes this file. The floor is [floor.ts](floor.ts): bare \`node:http\` and \`node:sqlite\`, the same argon2id,
the same statements on a copy of the same databases with the same durability. Both run at once, are asked by turns
from a process of their own, 16 requests at a time, and answer the same. Medians of ${rounds} rounds on a machine of
${cores} cores, Node ${process.versions.node}.

How many a CPU second of ours serves, per one that a CPU second of the floor serves:

| operation | ratio | single rounds | goal | |
|---|---|---|---|---|
${ratios.join("\n")}

A full password flow is three requests: the sign-in page, the password, the exchange.

Our server, both databases on disk before it starts:

| | measured | at most | |
|---|---|---|---|
${[
  limit("resident memory, idle", `${Math.round(idleMiB)} MiB`, `${IDLE_MIB_MAX} MiB`, idleMiB < IDLE_MIB_MAX),
  limit(
    "resident memory, peak under this load",
    `${Math.round(loadedMiB)} MiB`,
    `${LOADED_MIB_MAX} MiB`,
    loadedMiB < LOADED_MIB_MAX,
  ),
  limit("from start to first answer, as a part of 0.6 s", start.toFixed(2), "1.00", start < 1),
].join("\n")}
`;
}
