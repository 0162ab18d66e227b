import { executionAsyncResource } from "node:async_hooks";
import cluster from "node:cluster";
import { createApp } from "./app.ts";
import { type Config, loadConfig, SettingsError } from "./config.ts";
import { seedDemo } from "./domain/demo/seed.ts";
import { CannotOpen, type House, openHouse } from "./house.ts";
import { type Listening, listen } from "./listen.ts";
import { createLog } from "./log.ts";
import { startText } from "./start-text.ts";
import { DatabaseUnavailable } from "./store/database.ts";
import { START_FAILED, superviseWorkers } from "./workers.ts";

/** Together below the 10 s in which a SIGTERM must be obeyed. */
const REQUESTS_GRACE_MS = 7_000;
const CLOSING_GRACE_MS = 2_000;

/** By then nobody waits for the first answer. */
const COLLECT_AFTER_MS = 1_000;

/** Never collected. */
const KEPT: object[] = [];

const log = createLog();
keepShapeOfTicks();
await main();

async function main(): Promise<void> {
  const config = settings();
  const single = config.workers === 1;
  if (cluster.isPrimary) for (const warning of config.warnings) log.warn(warning);
  if (!single && cluster.isPrimary) process.exit(await superviseWorkers(config.workers, log));

  process.on("unhandledRejection", (error) => log.error({ err: error }, "unhandled rejection"));
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "uncaught exception");
    process.exit(1); // nobody knows what state it left behind
  });

  const house = await open(config);
  // Of several workers one: two that look for the demo at once would both find none, and make two.
  const demo = single || cluster.worker?.id === 1 ? await seedDemo(house.deps) : undefined;
  const listening = await listenOrLeave(house);
  stopOnSignal(house, listening);
  collectWhatStartLeft();
  log.info({ host: config.host, port: listening.port, regions: config.regions.map(({ name }) => name) }, "listening");
  log.flush(); // whoever waits for this line need not wait for its block
  if (!config.production && single) console.log(startText(config, listening.port, demo));
}

function settings(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (error instanceof SettingsError) leave(error.message);
    throw error;
  }
}

async function open(config: Config): Promise<House> {
  try {
    return await openHouse(config, { log });
  } catch (error) {
    if (error instanceof CannotOpen) leave(error.message);
    if (error instanceof DatabaseUnavailable) leave(`${error.message} ${causeOf(error)}`, 1);
    throw error;
  }
}

async function listenOrLeave(house: House): Promise<Listening> {
  const { config } = house.deps;
  const { host, port } = config;
  try {
    return await listen(createApp(house.deps), config);
  } catch (error) {
    await house.close();
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE")
      leave(`Port ${port} on ${host} is taken: stop the other program, or set LATCHKEY_PORT to a free one.`);
    if (code === "EACCES") leave(`Port ${port} needs rights this user lacks: set LATCHKEY_PORT to one above 1023.`);
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
      leave(`This machine has no address ${host}: set LATCHKEY_HOST.`);
    throw error;
  }
}

/** V8 would keep it until it needs the room, a tenth of an idle server. There is no `gc` without `--expose-gc`, which start.mjs gives. */
function collectWhatStartLeft(): void {
  setTimeout(() => globalThis.gc?.({ type: "major", flavor: "last-resort" }), COLLECT_AFTER_MS).unref();
}

/**
 * V8's inline caches hold the shapes of objects weakly. A full collection that finds nothing waiting in `process.nextTick`
 * drops the shape of what waits there, and from then on every tick is built the slow way (docs/decisions/runtime.md).
 */
function keepShapeOfTicks(): void {
  process.nextTick(() => KEPT.push(executionAsyncResource()));
}

/** The first signal finishes what is under way, the second one does not wait. */
function stopOnSignal(house: House, listening: Listening): void {
  let asked = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (asked) process.exit(1);
    asked = true;
    log.info({ signal }, "stopping");
    house.beginStopping();
    await listening.stop(REQUESTS_GRACE_MS);
    await Promise.race([house.close(), new Promise((resolve) => setTimeout(resolve, CLOSING_GRACE_MS))]);
    log.info("stopped");
    process.exit(0);
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
}

/** One clear sentence and no stack: the operator can mend it. */
function leave(sentence: string, status = START_FAILED): never {
  console.error(sentence);
  process.exit(status);
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? `(${error.cause.message})` : "";
}
