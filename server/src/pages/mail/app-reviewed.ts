import { type MailContent, mailOf } from "./mail.ts";

export interface AppReviewedMailProps {
  appName: string;
  /** What was decided: `approved`, `changes_requested`, `suspended`, `resumed`, `scopes_granted`, `scopes_declined`. */
  event: string;
  /** Where the team reads all of it. */
  href: string;
}

/** Tells that something was decided; what the operator wrote stands in the portal only. */
export const appReviewedMail = ({ appName, event, href }: AppReviewedMailProps): MailContent => {
  const { subject, said } = WORDS[event] ?? { subject: "There is news about", said: "An operator looked at your app." };
  return mailOf({
    subject: `${subject} ${appName}`,
    before: [said],
    button: { href, label: "Read what was decided" },
    after: ["You get this because you are an owner or admin of the app’s team."],
  });
};

const WORDS: Readonly<Record<string, { subject: string; said: string }>> = {
  approved: { subject: "Now live:", said: "Your app was approved. Everybody can log in to it from now on." },
  changes_requested: {
    subject: "Changes are asked for:",
    said: "An operator looked at your app and asks for changes before it goes live. The comment is in the portal.",
  },
  suspended: {
    subject: "Suspended:",
    said: "An operator suspended your app. Nobody can log in to it and its tokens are refused; nothing is lost.",
  },
  resumed: { subject: "Resumed:", said: "Your app is back as it was before it was suspended." },
  scopes_granted: { subject: "More scopes for", said: "Your app may ask for the scopes that you wanted." },
  scopes_declined: {
    subject: "No more scopes for",
    said: "An operator declined the scopes that your app asked for. It goes on with those it has.",
  },
};
