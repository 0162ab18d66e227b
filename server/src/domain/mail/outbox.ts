import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Deps } from "../../deps.ts";
import type { Mail, Transport } from "./postman.ts";

/** A mail that was "sent" on a developer's machine. */
export interface OutboxMail extends Mail {
  /** Names it in the outbox; begins with the millisecond it was sent at, so that names sort by time. */
  outboxId: string;
}

export interface Outbox extends Transport {
  /** Newest first. */
  list(): Promise<OutboxMail[]>;
  find(outboxId: string): Promise<OutboxMail | undefined>;
}

const KEPT_MAX = 200;
const OUTBOX_ID = /^\d{13}-[0-9a-f-]{36}$/;

/** The outbox of a server that has no mail server to give its mails to; never in production. */
export const devOutbox = ({ config }: Pick<Deps, "config">): Outbox | undefined =>
  config.production || config.smtpUrl !== undefined ? undefined : outboxTransport(join(config.dataDirectory, "outbox"));

/**
 * Takes the place of a mail server outside production: each mail is a JSON file, readable by the server's own user
 * only, because the links in it log people in. The newest 200 are kept.
 */
export function outboxTransport(directory: string): Outbox {
  let lastAt = 0;

  const ids = async () => {
    const names = await readdir(directory).catch(() => []); // nothing was sent yet
    const found = names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
    return found
      .filter((id) => OUTBOX_ID.test(id))
      .sort()
      .reverse();
  };

  const fileOf = (outboxId: string) => join(directory, `${outboxId}.json`);

  async function find(outboxId: string): Promise<OutboxMail | undefined> {
    if (!OUTBOX_ID.test(outboxId)) return undefined; // it comes from an address, and no path may
    const text = await readFile(fileOf(outboxId), "utf8").catch(() => undefined);
    return text === undefined ? undefined : { ...(JSON.parse(text) as Mail), outboxId };
  }

  return {
    async send(mail) {
      lastAt = Math.max(lastAt + 1, Date.now());
      const outboxId = `${lastAt}-${mail.mailId}`;
      await mkdir(directory, { recursive: true, mode: 0o700 });
      // Whoever lists the outbox meanwhile never reads half a mail.
      const draft = join(directory, `${outboxId}.draft`);
      await writeFile(draft, JSON.stringify(mail, null, 2), { mode: 0o600 });
      await rename(draft, fileOf(outboxId));
      await Promise.all((await ids()).slice(KEPT_MAX).map((id) => rm(fileOf(id), { force: true })));
    },
    async list() {
      const found = await Promise.all((await ids()).map(find));
      return found.filter((mail) => mail !== undefined);
    },
    find,
    close() {},
  };
}
