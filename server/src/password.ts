import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";

/** The package's enum is `const` and cannot be imported under type stripping. */
const ARGON2ID = 2;

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** How many wait for a core before the next is refused: about two seconds' work on each core. */
const WAITING_MAX_PER_CORE = 64;

/** Too many people are logging in at once. Answered 503 with `Retry-After`. */
export class TooBusy extends Error {
  override readonly name = "TooBusy";
}

export interface Passwords {
  /** argon2id in PHC format. @throws {TooBusy} */
  hash(password: string): Promise<string>;
  /** With `null` for the hash (no such account, or no password yet) it costs the same and is never true. @throws {TooBusy} */
  verify(stored: string | null, password: string): Promise<boolean>;
}

/** One spelling for one password, however a keyboard composes it (NIST SP 800-63B §3.1.1.2 advises NFKC or NFKD). */
const normalise = (password: string) => password.normalize("NFKC");

/**
 * Hashing behind a gate as wide as this process's share of the machine's cores: more at once would only make each
 * slower, and a queue without an end would make everybody wait for nothing.
 *
 * @param processes How many on this machine hash: the workers.
 */
export async function createPasswords(processes = 1): Promise<Passwords> {
  const cores = Math.max(1, Math.floor(availableParallelism() / processes));
  const decoy = await hash(randomBytes(16).toString("base64"), PARAMETERS);
  const waiting: (() => void)[] = [];
  let running = 0;

  async function atTheGate<T>(work: () => Promise<T>): Promise<T> {
    if (running >= cores) {
      if (waiting.length >= cores * WAITING_MAX_PER_CORE) throw new TooBusy("The password queue is full.");
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  return {
    hash: (password) => atTheGate(() => hash(normalise(password), PARAMETERS)),
    async verify(stored, password) {
      const matches = await atTheGate(() => verify(stored ?? decoy, normalise(password)));
      return matches && stored !== null;
    },
  };
}
