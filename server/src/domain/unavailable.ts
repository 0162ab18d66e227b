export interface Unavailable extends Error {
  /** `directory`, or a region's name. */
  database: string;
  outcome: "not-done" | "unknown";
}

/** Whether it is the store's `DatabaseUnavailable`: told by its name, because rules import no values from the store. */
export const isUnavailable = (error: unknown): error is Unavailable =>
  error instanceof Error && error.name === "DatabaseUnavailable" && "outcome" in error;

/** What `ask` answers, or `otherwise` while the directory is down. */
export async function withoutDirectory<T, U>(ask: () => Promise<T>, otherwise: () => U | Promise<U>): Promise<T | U> {
  try {
    return await ask();
  } catch (error) {
    if (isUnavailable(error) && error.database === "directory") return otherwise();
    throw error;
  }
}
