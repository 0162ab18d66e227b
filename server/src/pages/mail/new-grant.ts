import { type MailContent, mailOf } from "./mail.ts";

export interface NewGrantMailProps {
  appName: string;
  installationName: string;
  /** What the app may do, in the words of the consent page. */
  scopes: readonly string[];
  /** When, in seconds since 1970 UTC. */
  at: number;
  /** The whole address of the page of connected apps. */
  appsHref: string;
}

/** Goes to the user the first time an app is let into an installation, so that a stranger's consent does not stay unseen. */
export const newGrantMail = ({ appName, installationName, scopes, at, appsHref }: NewGrantMailProps): MailContent =>
  mailOf({
    subject: `${appName} can now act for you in ${installationName}`,
    before: [
      `You allowed it on ${new Date(at * 1000).toISOString().slice(0, 16).replace("T", " at ")} UTC. It knows who you are${scopes.length > 0 ? ", and it can:" : "."}`,
      ...scopes.map((scope) => `• ${scope}`),
    ],
    button: { href: appsHref, label: "See your connected apps" },
    after: ["If it was you, there is nothing to do. If it was not, end its access there and change your password."],
  });
