import { type MailContent, mailOf } from "./mail.ts";

export interface SignUpCodeMailProps {
  /** Digits only. */
  code: string;
  /** How long it works. */
  minutes: number;
}

/** The subject starts with the code, so that a list of mails or a phone's notice shows all that is needed. */
export const signUpCodeMail = ({ code, minutes }: SignUpCodeMailProps): MailContent =>
  mailOf({
    subject: `${code} is your code for the Developer Portal`,
    before: ["Type this code into the page where you began to sign up:"],
    code,
    after: [
      `It works for ${minutes} minutes, in the browser where you asked for it.`,
      "If it was not you, ignore this mail: without the code nothing happens. Nobody of ours will ever ask you for it.",
    ],
  });

export interface AccountExistsMailProps {
  /** Whole addresses. */
  signInHref: string;
  forgotHref: string;
}

/** To who signs up with an e-mail that has an account: the page must not tell, so the mail does. */
export const accountExistsMail = ({ signInHref, forgotHref }: AccountExistsMailProps): MailContent =>
  mailOf({
    subject: "You already have an account",
    before: [
      "Somebody, probably you, wants to create a developer account with this e-mail address. You have an account already: sign in with it, and create a team in the Developer Portal.",
    ],
    button: { href: signInHref, label: "Sign in" },
    after: [
      `If you do not know your password, or never chose one: ${forgotHref}`,
      "If it was not you, ignore this mail: nothing has changed.",
    ],
  });
