import { setTimeout as delay } from "node:timers/promises";
import { devOutbox, type OutboxMail } from "../../src/domain/mail/outbox.ts";
import { isUnavailable } from "../../src/domain/unavailable.ts";
import type { House } from "./house.ts";

/** What the house mails, as its dev outbox keeps it. */
export function openMailbox(house: House) {
  const outbox = devOutbox(house.deps);
  if (!outbox) throw new Error("This house has a mail server.");

  /** Resolves when no mail is under way any more, with all that were sent, the newest first. Lost regions send none. */
  async function settled(): Promise<OutboxMail[]> {
    for (const { store } of house.deps.regions.all) while (await hasMail(store.db)) await delay(5);
    return outbox?.list() ?? [];
  }

  return {
    settled,
    /** The newest mail to an address, when there is one. */
    async newest(to: string): Promise<OutboxMail> {
      const mail = (await settled()).find((sent) => sent.to === to);
      if (!mail) throw new Error(`No mail to ${to}.`);
      return mail;
    },
  };
}

const hasMail = ({ read }: House["deps"]["regions"]["all"][number]["store"]["db"]): Promise<boolean> =>
  read("SELECT mail_id FROM mail", []).then(
    (mails) => mails.length > 0,
    (error: unknown) => {
      if (isUnavailable(error)) return false;
      throw error;
    },
  );

/** The page of a team's invitation for who is signed in, which is where the link of its mail leads them. */
export const invitationIn = (mail: OutboxMail): string => linkIn(mail).replace("/portal/join/", "/portal/invitations/");

/** The path of the link in a mail. */
export function linkIn(mail: OutboxMail): string {
  const href = mail.text.match(/https?:\/\/\S+/)?.[0];
  if (href === undefined) throw new Error("No link in the mail.");
  const { pathname, search } = new URL(href);
  return pathname + search;
}
