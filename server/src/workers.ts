import cluster from "node:cluster";
import type { Logger } from "pino";

/** A worker that falls at once would otherwise be started as fast as the machine can. */
const RESTART_MS = 1_000;

/**
 * Keeps `count` processes serving on one port, and starts another where one falls. Resolves when a signal has ended
 * them all, with the status to exit with.
 */
export function superviseWorkers(count: number, log: Logger): Promise<number> {
  let stopping = false;
  let status = 0;
  const { promise, resolve } = Promise.withResolvers<number>();

  const stop = (signal: NodeJS.Signals) => {
    const again = stopping;
    stopping = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(again ? "SIGKILL" : signal);
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);

  cluster.on("exit", (worker, code, signal) => {
    const running = Object.keys(cluster.workers ?? {}).length;
    if (code === START_FAILED) {
      // It has said why, and the next one would say the same.
      status = START_FAILED;
      if (!stopping) stop("SIGTERM");
    } else if (!stopping) {
      log.error({ worker: worker.process.pid, code, signal }, "a worker ended; another one is started");
      setTimeout(() => stopping || cluster.fork(), RESTART_MS);
    }
    if (stopping && running === 0) resolve(status);
  });
  for (let started = 0; started < count; started++) cluster.fork();
  return promise;
}

/** The status of a process that could not start as it is set up: wrong settings, a port or directory that is taken. */
export const START_FAILED = 2;
