import { type MailContent, mailOf } from "./mail.ts";

export interface PasswordChangedMailProps {
  /** When, in seconds since 1970 UTC. */
  at: number;
  /** The whole address where a password is reset. */
  forgotHref: string;
}

/** Goes to the owner after each change, so that a stranger's does not stay unseen. */
export const passwordChangedMail = ({ at, forgotHref }: PasswordChangedMailProps): MailContent =>
  mailOf({
    subject: "Your password was changed",
    before: [
      `Your password was changed on ${new Date(at * 1000).toISOString().slice(0, 16).replace("T", " at ")} UTC.`,
      "If it was you, all is well. If it was not, choose a new one now and tell an administrator of your company.",
    ],
    button: { href: forgotHref, label: "Reset the password" },
    after: [],
  });
