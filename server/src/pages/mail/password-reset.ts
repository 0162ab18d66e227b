import { type MailContent, mailOf } from "./mail.ts";

export interface PasswordResetMailProps {
  /** The whole address of the link. */
  href: string;
  /** How long it works. */
  minutes: number;
}

export const passwordResetMail = ({ href, minutes }: PasswordResetMailProps): MailContent =>
  mailOf({
    subject: "Choose a new password",
    before: ["Somebody, probably you, asked for a new password for this e-mail address."],
    button: { href, label: "Choose a new password" },
    after: [
      `The link works once, for ${minutes === 1 ? "one minute" : `${minutes} minutes`}.`,
      "If it was not you, ignore this mail: your password stays as it is.",
    ],
  });
