import type { HttpContext } from "../context.ts";
import { readQuery } from "../query.ts";

/** What a page says once after a redirect: the address carries a code, never words of its own. */
const NOTICES: Readonly<Record<string, string>> = {
  saved: "Saved.",
  invited: "The invitation is on its way.",
  withdrawn: "The invitation is withdrawn.",
  role: "The role is changed.",
  removed: "Removed from the team.",
  joined: "Welcome to the team.",
};

export const noticeOf = (c: HttpContext): string | undefined => {
  const done = readQuery(c).get("done") ?? "";
  return Object.hasOwn(NOTICES, done) ? NOTICES[done] : undefined;
};
