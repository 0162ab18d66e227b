import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** A lock nobody refers to would be collected, and so given back. */
const held = new Set<DatabaseSync>();

/**
 * Holds the data directory for this process until `release`, or until the process ends, however it ends: the system itself
 * frees the lock. Two servers on one directory would each cache what the other changes, and draw the same ids.
 *
 * @throws {Error} with a sentence for the operator, when another server holds it.
 */
export function lockDataDirectory(directory: string): { release(): void } {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(directory, "lock.db"), { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    throw new Error(`Another Latchkey server is running on ${directory}: stop it, or set LATCHKEY_DATA.`, { cause });
  }
  held.add(lock);
  return {
    release() {
      held.delete(lock);
      lock.close();
    },
  };
}
