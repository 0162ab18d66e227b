import { randomUUID } from "node:crypto";
import type { Keys } from "../../secrets.ts";

/** What each kind of letter says. They are written out only when sent, so that a queued mail is small and has one form. */
export interface LetterProps {
  invitation: { installationName: string; href: string; days: number };
  teamInvitation: { teamName: string; role: string; href: string; days: number };
  passwordReset: { href: string; minutes: number };
  /** `forgotHref`: where to go for a person who did not do it. */
  passwordChanged: { at: number; forgotHref: string };
  signUpCode: { code: string; minutes: number };
  /** To who signs up with an e-mail that has an account. */
  accountExists: { signInHref: string; forgotHref: string };
  /** `event`: of the app's review. */
  appReviewed: { appName: string; event: string; href: string };
  /** To operators. `event`: `submitted` or `scopes_asked`. */
  reviewAsked: { appName: string; event: string; href: string };
  /** `scopes` in words. */
  newGrant: { appName: string; installationName: string; scopes: readonly string[]; at: number; appsHref: string };
}

export type Template = keyof LetterProps;

/** A letter to one address, or to nobody: queued for an e-mail we don't know, so that knowing one costs the same. */
export type Letter =
  | { [T in Template]: { template: T; to: string; props: LetterProps[T] } }[Template]
  | { template: "toNobody"; to: ""; props: LetterProps["passwordReset"] };

/** A letter written out. */
export interface WrittenLetter {
  subject: string;
  text: string;
  html: string;
}

/** Writes the letters; app.ts hands in the pages. */
export type Letters = { [T in Template]: (props: LetterProps[T]) => WrittenLetter };

/** Sealed because it holds links that log people in; bound to its row, so that no other row can carry it. */
export function sealLetter(keys: Keys, letter: Letter): { mailId: string; sealedMessage: string } {
  const mailId = randomUUID();
  return { mailId, sealedMessage: keys.seal("mail", letter, mailId) };
}

/** `undefined` when it was sealed with another key: the base key was changed since. */
export const openLetter = (keys: Keys, mail: { mailId: string; sealedMessage: string }) =>
  keys.open("mail", mail.sealedMessage, mail.mailId) as Letter | undefined;
