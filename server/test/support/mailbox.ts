import { setTimeout as delay } from "node:timers/promises";
import { devOutbox, type OutboxMail } from "../../src/domain/mail/outbox.ts";
import type { House } from "./house.ts";

/** What the house mails, as its dev outbox keeps it. */
export function openMailbox(house: House) {
  const outbox = devOutbox(house.deps);
  if (!outbox) throw new Error("This house has a mail server.");

  /** Resolves when no mail is under way any more, with all that were sent, the newest first. */
  async function settled(): Promise<OutboxMail[]> {
    for (const { store } of house.deps.regions.all)
      while ((await store.db.read("SELECT mail_id FROM mail", [])).length > 0) await delay(5);
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

/** The path of the link in a mail. */
export function linkIn(mail: OutboxMail): string {
  const href = mail.text.match(/https?:\/\/\S+/)?.[0];
  if (href === undefined) throw new Error("No link in the mail.");
  const { pathname, search } = new URL(href);
  return pathname + search;
}
