import { noticesFrom } from "../notices.ts";

/** What the page after a redirect says. */
const SENTENCES = {
  name: "Your name is saved.",
  password: "Your password is changed, and you are signed out everywhere else.",
  "password-partly":
    "Your password is changed. A region does not answer: whoever came in there keeps the portal for at most 12 hours.",
  session: "That browser is signed out.",
  others: "You are signed out everywhere else.",
  "sessions-partly":
    "Signed out. A region does not answer: whoever came in there keeps the portal for at most 12 hours.",
  app: "The app’s access is ended. It must ask you again.",
} as const;

export type Done = keyof typeof SENTENCES;

export const { doneAt, noticeOf } = noticesFrom(SENTENCES);
