import { createHash, randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import type { LoginEvent, LoginHour, LoginStep } from "../../store/region/login-events.ts";
import type { Region, Regions } from "../regions/regions.ts";

/** What happened in a login of an app, as whoever answered the request saw it. */
export interface Noted {
  clientId: string;
  loginId: string;
  step: LoginStep;
  /** `ok`, or an error's code. */
  outcome: string;
  requestId: string;
  /** Where it happened, once that is known. */
  region?: string | undefined;
  installationId?: number | undefined;
  detail?: string | undefined;
  /** How long an exchange took. */
  milliseconds?: number | undefined;
  /** Where it came from, when nobody is known yet: an IPv4 address or an IPv6 /64. It is kept nowhere. */
  from?: string | undefined;
}

/**
 * Tells developers what became of their app's logins. Takes notes in memory and writes them each second, in batches, to
 * the region a login had reached, else to one by hash; nobody who logs in or exchanges waits for it, and a process that
 * is killed loses the last second.
 */
export interface Timeline {
  note(noted: Noted): void;
  /** Notes what a read has still to tell. A flush waits for it. */
  noteLater(noted: Promise<Noted>): void;
  flush(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

interface Waiting {
  event: LoginEvent;
  milliseconds: number | undefined;
  /** Only counted in its hour. */
  countedOnly: boolean;
}

const FLUSH_MILLISECONDS = 1_000;
/** More than this in a second, or while a region is down, and the rest is only counted in the log. */
const WAITING_MAX = 5_000;
/** Logins begun by nobody in particular, from one address in a minute; beyond it they are counted and not kept one by one. */
const ANONYMOUS_MAX = 300;
/** Statements of one transaction stay below this. */
const BATCH = 200;
/** As an installation: no region was reached yet, and any may keep the event. */
const NOWHERE = 0;
const HOUR_SECONDS = 3_600;
/** Upper bounds of the durations that charts show, in milliseconds. */
export const DURATION_BOUNDS = [5, 10, 25, 50, 100, 250, 500, 1_000, 5_000] as const;
const DETAIL_LENGTH_MAX = 300;

export function createTimeline({ regions, log }: { regions: Regions; log: Logger }): Timeline {
  const waiting = new Map<Region, Waiting[]>();
  const coming = new Set<Promise<void>>();
  const anonymous = new LRUCache<string, number>({ max: 10_000, ttl: 60_000, noUpdateTTL: true });
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const regionFor = (noted: Noted): Region | undefined =>
    (noted.region === undefined ? undefined : regions.find(noted.region)) ?? regionByHash(regions, noted.clientId);

  function isTooMany(from: string | undefined): boolean {
    if (from === undefined) return false;
    const count = (anonymous.get(from) ?? 0) + 1;
    anonymous.set(from, count);
    return count > ANONYMOUS_MAX;
  }

  async function flushRegion(region: Region): Promise<void> {
    const batch = waiting.get(region)?.splice(0, BATCH) ?? [];
    if (batch.length === 0) return;
    const events = batch.filter(({ countedOnly }) => !countedOnly).map(({ event }) => event);
    try {
      await region.store.loginEvents.add(events, hoursOf(batch));
    } catch (error) {
      dropped += events.length; // a timeline is worth no queue that grows while its region is down
      log.warn({ err: error, region: region.name, events: events.length }, "a part of the timeline is lost");
      return;
    }
    await flushRegion(region);
  }

  async function flush(): Promise<void> {
    await Promise.all(coming);
    await Promise.all([...waiting.keys()].map(flushRegion));
    if (dropped > 0) log.warn({ events: dropped }, "events of the timeline were dropped");
    dropped = 0;
  }

  const inTurn = () => {
    running = running.then(flush);
    return running;
  };

  function note(noted: Noted): void {
    const region = regionFor(noted);
    if (!region) return;
    const list = waiting.get(region) ?? [];
    waiting.set(region, list);
    if (list.length >= WAITING_MAX) dropped++;
    else {
      const { milliseconds, from } = noted;
      list.push({ event: eventOf(noted, region), milliseconds, countedOnly: isTooMany(from) });
    }
  }

  return {
    note,
    noteLater(noted) {
      const noting = noted
        .then(note)
        .catch((error) => log.warn({ err: error }, "an event of the timeline is lost"))
        .finally(() => coming.delete(noting));
      coming.add(noting);
    },
    flush: inTurn,
    start() {
      timer = setInterval(() => void inTurn(), FLUSH_MILLISECONDS).unref();
    },
    async stop() {
      clearInterval(timer);
      await inTurn();
    },
  };
}

let lastId = 0;

/** Tells this process's events from all others'. */
const PROCESS_ID = randomBytes(6).toString("hex");

/** Microseconds, never twice the same here, then whose they are: what happened later has the greater id. */
function newEventId(): string {
  lastId = Math.max(lastId + 1, Date.now() * 1_000);
  return lastId.toString(16).padStart(14, "0") + PROCESS_ID;
}

const eventOf = (noted: Noted, region: Region): LoginEvent => ({
  eventId: newEventId(),
  clientId: noted.clientId,
  loginId: noted.loginId,
  at: region.now(),
  step: noted.step,
  outcome: noted.outcome,
  installationId: noted.installationId ?? (noted.region === undefined ? NOWHERE : null),
  requestId: noted.requestId,
  detail: (noted.detail ?? "").slice(0, DETAIL_LENGTH_MAX).toWellFormed(),
});

/** What a batch adds to the hours, each metric once. */
function hoursOf(batch: readonly Waiting[]): LoginHour[] {
  const hours = new Map<string, LoginHour>();
  const add = ({ clientId, at }: LoginEvent, metric: string) => {
    const hour = at - (at % HOUR_SECONDS);
    const key = `${clientId} ${hour} ${metric}`;
    const row = hours.get(key) ?? { clientId, hour, metric, amount: 0 };
    row.amount++;
    hours.set(key, row);
  };
  for (const { event, milliseconds } of batch) {
    const metric = metricOf(event);
    if (metric !== undefined) add(event, metric);
    if (milliseconds !== undefined) add(event, `exchange_ms:${boundOf(milliseconds)}`);
  }
  return [...hours.values()];
}

function metricOf({ step, outcome }: LoginEvent): string | undefined {
  if (outcome !== "ok") return step === "exchange" ? `refused:${outcome}` : `error:${outcome}`;
  if (step === "start") return "started";
  if (step === "code") return "finished";
  return step === "exchange" ? "exchanged" : undefined;
}

const boundOf = (milliseconds: number): number | "more" =>
  DURATION_BOUNDS.find((bound) => milliseconds <= bound) ?? "more";

/** Always the same one for an app, so that its logins that never reached a region lie together. */
function regionByHash(regions: Regions, clientId: string): Region | undefined {
  const number = createHash("sha256").update(clientId).digest().readUInt32BE(0);
  return regions.all[number % regions.all.length];
}

/** The bound below which 95 of 100 exchanges were answered, in milliseconds and in words; the buckets know no better. */
export function percentile95(hours: readonly { metric: string; amount: number }[]): { value: number; text: string } {
  const bounds = [...DURATION_BOUNDS, "more"] as const;
  const amounts = bounds.map((bound) =>
    hours.filter(({ metric }) => metric === `exchange_ms:${bound}`).reduce((sum, { amount }) => sum + amount, 0),
  );
  const upTo = (index: number) => amounts.slice(0, index + 1).reduce((sum, amount) => sum + amount, 0);
  const all = upTo(amounts.length);
  if (all === 0) return { value: 0, text: "–" };
  const bound = bounds.find((_, index) => upTo(index) >= all * 0.95) ?? "more";
  if (bound !== "more") return { value: bound, text: `${bound} ms` };
  const [last = 0] = DURATION_BOUNDS.slice(-1);
  return { value: last, text: `more than ${last} ms` };
}
