import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  /** One answered request. `route` is the route's pattern and `error` a code of ours, so that labels stay few. */
  answered(request: {
    method: string;
    route: string;
    status: number;
    error: string | undefined;
    seconds: number;
  }): void;
  /** What a scraper reads (Prometheus text format). `up` says which databases answer: "directory", or a region's name. */
  exposition(up: Readonly<Record<string, boolean>>): Promise<{ contentType: string; text: string }>;
}

/** Numbers of this process. No label ever names an app, an installation, a person or an address. */
export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const [registry = new Registry()] = registers;
  let watchesProcess = false;
  const requests = new Counter({
    name: "latchkey_requests_total",
    help: "Answered requests.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const refusals = new Counter({
    name: "latchkey_refusals_total",
    help: "Requests refused with a protocol error.",
    labelNames: ["route", "error"],
    registers,
  });
  const durations = new Histogram({
    name: "latchkey_request_seconds",
    help: "From a request's arrival to its answer.",
    labelNames: ["route"],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const databases = new Gauge({
    name: "latchkey_database_up",
    help: "1 where the database answers within a second.",
    labelNames: ["database"],
    registers,
  });
  return {
    answered({ method, route, status, error, seconds }) {
      requests.inc({ method, route, status });
      durations.observe({ route }, seconds);
      if (error !== undefined) refusals.inc({ route, error });
    },
    async exposition(up) {
      for (const [database, answers] of Object.entries(up)) databases.set({ database }, answers ? 1 : 0);
      const text = await registry.metrics();
      // From the second scrape on: to watch each garbage collection costs a few per cent, which nobody pays unread.
      if (!watchesProcess) collectDefaultMetrics({ register: registry });
      watchesProcess = true;
      return { contentType: registry.contentType, text };
    },
  };
}
