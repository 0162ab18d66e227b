import { noticesFrom } from "../notices.ts";

/** What the page after a redirect says. */
const SENTENCES = {
  welcome: "Welcome. Your account, your team and its sandbox are ready: register your first app.",
  registered: "Your app is registered. Four steps lead to its first login.",
  secret: "The new secret works from now on.",
  rotated: "The new secret works from now on. The old one ends when you said.",
  revoked: "The secret is revoked.",
  uri: "The redirect URI is registered.",
  "uri-gone": "The redirect URI is removed.",
  origin: "The origin is allowed.",
  "origin-gone": "The origin is removed.",
  saved: "Saved. Every server knows within seconds.",
  suspended: "The app is suspended. Nobody can log in to it.",
  resumed: "The app is back as it was.",
  submitted: "The app is in review. You get a mail when it is decided.",
  withdrawn: "The app is back in development.",
  "scopes-asked": "An operator decides about the scopes that are new. The app goes on with those it has.",
  deleted: "The app is deleted, and its tokens with it.",
} as const;

export type Done = keyof typeof SENTENCES;

export const { doneAt, noticeOf } = noticesFrom(SENTENCES);
