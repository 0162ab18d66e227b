import { type MailContent, mailOf } from "./mail.ts";

export interface InvitationMailProps {
  installationName: string;
  /** The whole address of the link. */
  href: string;
  /** How long it works. */
  days: number;
}

export const invitationMail = ({ installationName, href, days }: InvitationMailProps): MailContent =>
  mailOf({
    subject: `You are invited to ${installationName}`,
    before: [`${installationName} has an account ready for you. Choose a password to accept the invitation.`],
    button: { href, label: "Accept the invitation" },
    after: [
      `The link works once, for ${days === 1 ? "one day" : `${days} days`}.`,
      "If you do not know who invites you, ignore this mail: nothing happens.",
    ],
  });
