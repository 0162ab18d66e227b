import type { HttpContext } from "./context.ts";
import { readQuery } from "./query.ts";

/**
 * What a page says once after a redirect (`?done=saved`). The address names one of `sentences` and holds no words of
 * its own, so that no link can put words on a page of ours.
 */
export const noticesFrom = <Done extends string>(sentences: Readonly<Record<Done, string>>) => ({
  doneAt: (path: string, done: Done): string => `${path}?done=${done}`,

  noticeOf(c: HttpContext): string | undefined {
    const done = readQuery(c).get("done") ?? "";
    return Object.hasOwn(sentences, done) ? sentences[done as Done] : undefined;
  },
});
