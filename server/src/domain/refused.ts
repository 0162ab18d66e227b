/** Field -> a sentence that a form or an API can show beside it. */
export type Problems = Readonly<Record<string, string>>;

/** What was asked cannot be done as it stands. Returned, not thrown, so that forms keep what was typed. */
export type Refused =
  | { problems: Problems }
  /** Something that is there already is in the way. */
  | { conflict: string }
  /** Somebody else changed it since it was read. */
  | { stale: true };

export const isRefused = <T extends object>(result: T | Refused): result is Refused =>
  "problems" in result || "conflict" in result || "stale" in result;

/** The problems that there are, or `undefined` when there are none. */
export function problemsOf(found: Readonly<Record<string, string | undefined>>): Problems | undefined {
  const entries = Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
