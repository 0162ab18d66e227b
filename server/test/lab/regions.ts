import { createInterface } from "node:readline/promises";
import { type Lab, openLab, type Place } from "./lab.ts";
import { checkOnce, logInOnce, readWorld, readyStates, residentOf, type World } from "./probe.ts";
import type { ServerProcess } from "./server-process.ts";

/** `npm run regions`: a directory and three regions far apart, two servers, and a console to do them harm. */
const DISTANCES = { US: 80, EU: 120, AP: 250 };
const SLOW_MILLISECONDS = 2_000;

const HELP = `
  status             what each server says of each region, and what a login and a check of a token cost there
  slow REGION [ms]   a question and its answer take ${SLOW_MILLISECONDS} ms, or as many as you say
  cut REGION         ends its connections and refuses new ones
  mute REGION        lets questions through and no answer back
  stop REGION        shuts its PostgreSQL down
  crash REGION       kill -9 of its PostgreSQL
  mend REGION|all    undoes all of that
  kill 1|2           kill -9 of a server
  start 1|2          starts it again
  help, quit

REGION is one of ${Object.keys(DISTANCES).join(", ")} or directory.
`;

async function main(): Promise<number> {
  const leaving = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => leaving.abort());
  console.log("Starting four PostgreSQL servers and two Latchkey servers …");
  const lab = await openLab({ regions: DISTANCES });
  try {
    // One after the other: the demo is made by one server at a time.
    const servers: (ServerProcess | undefined)[] = [await lab.addServer(), await lab.addServer()];
    // Kept: a server that starts while a region is lost writes the file anew without who lives there.
    const scene = { lab, servers, world: readWorld(lab), tokens: new Map() };
    console.log(introduction(scene));
    await converse(scene, leaving.signal);
    return 0;
  } finally {
    console.log("Stopping …");
    await lab.close();
  }
}

/** Until `quit`, the end of the input, or Ctrl-C. */
async function converse(scene: Scene, leaving: AbortSignal): Promise<void> {
  if (leaving.aborted) return;
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: "regions> ", signal: leaving });
  lines.on("SIGINT", () => lines.close());
  let open = true;
  lines.on("close", () => (open = false)); // piped lines end before they are obeyed
  const prompt = () => open && lines.prompt();
  prompt();
  for await (const line of lines) {
    if (/^\s*(quit|exit)\s*$/.test(line)) break;
    await obey(line, scene).catch((error) => console.log(`  ${error.message}`));
    prompt();
  }
  lines.close();
}

interface Scene {
  lab: Lab;
  servers: (ServerProcess | undefined)[];
  world: World;
  /** Region -> a token that lives there. */
  tokens: Map<string, string>;
}

async function obey(line: string, scene: Scene): Promise<void> {
  const [command = "", name = "", number] = line.trim().split(/\s+/);
  const { lab, servers } = scene;
  if (command === "") return;
  if (command === "help") return console.log(HELP);
  if (command === "status") return showStatus(scene);
  if (command === "mend" && name === "all") {
    for (const place of [lab.directory, ...lab.regions]) await place.mend();
    return console.log("  All is whole.");
  }
  if (command === "kill" || command === "start") {
    const index = Number(name) - 1;
    if (!(index in servers)) throw new Error("There are servers 1 and 2.");
    await servers[index]?.kill();
    servers[index] = command === "kill" ? undefined : await lab.addServer({ settings: portOf(lab, index) });
    return console.log(`  Server ${name} ${servers[index] ? `listens at ${servers[index].url}` : "is gone"}.`);
  }
  const harm = HARM[command];
  if (!harm) throw new Error(`There is no command ${command}: try help.`);
  const place = [lab.directory, ...lab.regions].find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!place) throw new Error(`Say where: ${[lab.directory, ...lab.regions].map((one) => one.name).join(", ")}.`);
  await harm(place, number === undefined ? SLOW_MILLISECONDS : Number(number));
  console.log(`  ${place.name} is ${place.state()}.`);
}

const HARM: Readonly<Record<string, (place: Place, milliseconds: number) => unknown>> = {
  slow: (place, milliseconds) => place.slow(Number.isFinite(milliseconds) ? milliseconds : SLOW_MILLISECONDS),
  cut: (place) => place.cut(),
  mute: (place) => place.mute(),
  stop: (place) => place.stop(),
  crash: (place) => place.kill(),
  mend: (place) => place.mend(),
};

/** The first one again where `LATCHKEY_URL` says. */
const portOf = (lab: Lab, index: number): Record<string, string> =>
  index === 0 ? { LATCHKEY_PORT: new URL(lab.url).port } : {};

async function showStatus({ lab, servers, world, tokens }: Scene): Promise<void> {
  console.log(`  directory: ${lab.directory.state()}`);
  for (const [index, server] of servers.entries()) {
    if (!server) {
      console.log(`  Server ${index + 1}: killed`);
      continue;
    }
    const states = await readyStates(lab, server);
    console.log(`  Server ${index + 1}: directory ${states?.directory ?? "unknown"}`);
    for (const region of lab.regions) {
      const state = states?.regions.find(({ name }) => name === region.name)?.state ?? "unknown";
      const person = residentOf(world, region.name);
      const login = await timed(async () => {
        if (person) tokens.set(region.name, await logInOnce(lab, server, world, person));
        return 200;
      });
      const token = tokens.get(region.name);
      const check = token === undefined ? "no token yet" : await timed(() => checkOnce(lab, server, token));
      console.log(
        `    ${region.name.padEnd(4)}${`${region.roundTrip} ms away, ${region.state()}`.padEnd(32)}${state.padEnd(9)}login ${login.padEnd(12)}  check ${check}`,
      );
    }
  }
}

async function timed(work: () => Promise<unknown>): Promise<string> {
  const startedAt = performance.now();
  const outcome = await work().catch((error: Error) => error.message);
  const milliseconds = `${Math.round(performance.now() - startedAt)} ms`;
  return outcome === 200 ? milliseconds : `${outcome} after ${milliseconds}`;
}

function introduction({ lab, servers, world: { apps, users } }: Scene): string {
  const databases = [lab.directory, ...lab.regions].map(
    ({ name, roundTrip, direct }) => `  ${name.padEnd(11)}${`${roundTrip} ms`.padEnd(9)}${direct}`,
  );
  const logins = users.map(
    ({ email, password, installations }) => `  ${email.padEnd(28)}${password}  ${installations.join(", ")}`,
  );
  return `
Servers
${servers.map((server, index) => `  ${index + 1}  ${server?.url}`).join("\n")}

Demo app
  ${servers[0]?.url}/demo/app
  ${servers[1]?.url}/launchpad/login?client_id=${apps[0].clientId}&redirect_uri=${encodeURIComponent(apps[0].redirectUris[0] ?? "")}

Demo logins
${logins.join("\n")}

Databases, and how far they are from the servers
${databases.join("\n")}

Operator's API: Bearer ${lab.adminToken}
${HELP}`;
}

process.exitCode = await main();
