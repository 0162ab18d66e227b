import { noticesFrom } from "../notices.ts";

/** What the pages of a team say after a redirect. */
export const { doneAt, noticeOf } = noticesFrom({
  saved: "Saved.",
  invited: "The invitation is on its way.",
  withdrawn: "The invitation is withdrawn.",
  role: "The role is changed.",
  removed: "Removed from the team.",
  joined: "Welcome to the team.",
});
