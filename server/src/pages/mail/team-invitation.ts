import { type MailContent, mailOf } from "./mail.ts";

export interface TeamInvitationMailProps {
  teamName: string;
  /** What the person will be in the team. */
  role: string;
  /** The whole address of the link. */
  href: string;
  /** How long it works. */
  days: number;
}

export const teamInvitationMail = (props: TeamInvitationMailProps): MailContent => {
  const { teamName, role, href, days } = props;
  return mailOf({
    subject: `Join ${teamName} in the Developer Portal`,
    before: [
      `You are invited to ${teamName}, as ${role}.`,
      "Join with the account of this e-mail address. If you have none yet, you make it on the way.",
    ],
    button: { href, label: "See the invitation" },
    after: [
      `The link works once, for ${days === 1 ? "one day" : `${days} days`}.`,
      "If you do not know who invites you, ignore this mail: nothing happens.",
    ],
  });
};
