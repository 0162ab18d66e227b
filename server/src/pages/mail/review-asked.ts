import { type MailContent, mailOf } from "./mail.ts";

export interface ReviewAskedMailProps {
  appName: string;
  /** What the team asks for: `submitted` (to go live) or `scopes_asked`. */
  event: string;
  /** The operator's page of the app. */
  href: string;
}

/** Tells an operator that an app waits for a decision. */
export const reviewAskedMail = ({ appName, event, href }: ReviewAskedMailProps): MailContent =>
  mailOf({
    subject: `${event === "scopes_asked" ? "More scopes are asked for:" : "Waits for a review:"} ${appName}`,
    before: [
      event === "scopes_asked"
        ? "The team of a live app asks for more scopes. The app goes on with those it has until you decide."
        : "A team submitted its app. Nobody but its test users can log in to it until you decide.",
    ],
    button: { href, label: "Look at the app" },
    after: ["You get this because you are an operator of this server."],
  });
