import { setTimeout as delay } from "node:timers/promises";
import { DatabaseUnavailable } from "../database.ts";
import { Conflict } from "./failures.ts";

const TRIES_MAX = 5;
const MILLISECONDS_MAX = 500;

/**
 * Runs `attempt` again while it throws {@link Conflict}: five tries, 500 ms in all, with jitter so that two who collided
 * do not collide again.
 *
 * @throws {DatabaseUnavailable} `not-done`, when the last try collided too.
 */
export async function retryConflicts<T>(database: string, attempt: () => T | Promise<T>): Promise<T> {
  const startedAt = performance.now();
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      const pause = 10 * 2 ** tries * (0.5 + Math.random() / 2);
      const late = performance.now() + pause - startedAt > MILLISECONDS_MAX;
      if (tries === TRIES_MAX || late) throw new DatabaseUnavailable(database, "not-done", error);
      await delay(pause);
    }
  }
}
