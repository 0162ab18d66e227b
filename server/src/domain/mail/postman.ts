import type { Deps } from "../../deps.ts";
import type { MailRecord } from "../../store/region/mails.ts";
import type { Region } from "../regions/regions.ts";
import { type Letter, type Letters, openLetter, type WrittenLetter } from "./letters.ts";

/** A mail as a transport sends it: to exactly one address. */
export interface Mail extends WrittenLetter {
  /** The same at each try, so that a receiver can tell a second copy. */
  mailId: string;
  to: string;
  /** Where it was queued. */
  region: string;
  /** When it was queued, seconds since 1970 UTC. */
  at: number;
}

export interface Transport {
  /** Resolves when the mail is somebody else's duty. Must settle within `LEASE_SECONDS`. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

export interface Postman {
  /** From now on sends what falls due, of mails of this process and of all others. */
  start(): void;
  /** A mail was queued in that region by this process: send it now rather than at the next round. */
  wake(regionName: string): void;
  /** One visit to every region; resolves when what was due is sent, postponed or given up. Never rejects. */
  round(): Promise<void>;
  /** Starts nothing more, and resolves when what is under way is finished. */
  stop(): Promise<void>;
}

const ROUND_EVERY_MS = 5_000;
const AT_ONCE = 4;

/** Longer than any transport's time limits together, else two servers could send one mail. */
const LEASE_SECONDS = 300;

/** About nine hours in all: 15 s, 1 min, 4 min, 16 min, then each hour. */
const TRIES_MAX = 12;
const pauseSeconds = (attempts: number) => Math.min(15 * 4 ** (attempts - 1), 3_600);

/**
 * Empties the regions' mail queues.
 *
 * A mail is claimed before it is sent and removed after. It goes out twice only if the server dies (or loses the
 * database) between the two: at least once, because a lost mail would lock somebody out.
 */
export function createPostman(
  deps: Pick<Deps, "regions" | "keys" | "log">,
  transport: Transport,
  letters: Letters,
): Postman {
  const { regions, keys, log } = deps;
  const visits = new Map<string, Promise<void>>();
  const calledAgain = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;

  function visit(region: Region): Promise<void> {
    const current = visits.get(region.name);
    if (current) {
      calledAgain.add(region.name); // the visit may have looked already
      return current;
    }
    const started = emptyQueue(region)
      .catch((error: unknown) => log.warn({ region: region.name, err: error }, "mails wait: their region is lost"))
      .finally(() => visits.delete(region.name));
    visits.set(region.name, started);
    return started;
  }

  async function emptyQueue(region: Region): Promise<void> {
    do {
      calledAgain.delete(region.name);
      let moved = true;
      while (moved && !stopping) {
        const due = await region.store.mails.due(region.now(), AT_ONCE);
        const results = await Promise.allSettled(due.map((mail) => deliver(region, mail)));
        for (const result of results) if (result.status === "rejected") throw result.reason;
        moved = results.some((result) => result.status === "fulfilled" && result.value);
      }
    } while (calledAgain.has(region.name) && !stopping);
  }

  /** False when another server holds the mail. */
  async function deliver(region: Region, mail: MailRecord): Promise<boolean> {
    const { mails } = region.store;
    if (!(await mails.claim(mail, region.now() + LEASE_SECONDS))) return false;
    const attempts = mail.attempts + 1;
    const letter = openLetter(keys, mail);
    if (!letter) {
      await giveUp(region, mail, "it was sealed with another LATCHKEY_SECRET");
      return true;
    }
    try {
      if (letter.template !== "toNobody")
        await transport.send({ ...write(letter), mailId: mail.mailId, region: region.name, at: mail.createdAt });
    } catch (error) {
      const reason = reasonOf(error);
      log.warn({ region: region.name, mailId: mail.mailId, attempts, reason }, "a mail could not be sent");
      if (attempts >= TRIES_MAX) await giveUp(region, mail, reason);
      else await mails.postpone(mail.mailId, attempts, region.now() + pauseSeconds(attempts));
      return true;
    }
    await mails.remove(mail.mailId);
    return true;
  }

  async function giveUp(region: Region, mail: MailRecord, reason: string): Promise<void> {
    await region.store.mails.giveUp(mail.mailId, region.now(), reason);
    log.error({ region: region.name, mailId: mail.mailId, reason }, "a mail is given up");
  }

  function write(letter: Exclude<Letter, { template: "toNobody" }>): WrittenLetter & { to: string } {
    // One writer for each template; TypeScript cannot see that the props are those of the same letter.
    const writer = letters[letter.template] as (props: Letter["props"]) => WrittenLetter;
    return { ...writer(letter.props), to: letter.to };
  }

  async function round(): Promise<void> {
    await Promise.all(regions.all.map(visit));
  }

  return {
    start() {
      timer = setInterval(round, ROUND_EVERY_MS).unref();
      void round();
    },
    wake(regionName) {
      if (stopping) return; // it stays queued, for another server or the next start
      setImmediate(() => void visit(regions.require(regionName)));
    },
    round,
    async stop() {
      stopping = true;
      clearInterval(timer);
      await Promise.all(visits.values());
      transport.close();
    },
  };
}

/** What a failure says, without its message: a mail server's answer repeats the address. */
function reasonOf(error: unknown): string {
  const { code, command, responseCode } = (error ?? {}) as Record<string, unknown>;
  const said = [code, command, responseCode].filter((part) => typeof part === "string" || typeof part === "number");
  return said.length > 0 ? said.join(" ") : "unknown";
}
