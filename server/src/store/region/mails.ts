import { randomUUID } from "node:crypto";
import { auditStatement } from "../audit.ts";
import type { Database, Statement } from "../database.ts";

/** One row of `mail`. Times are seconds since 1970 UTC. `sealedMessage` opens with the key "mail" and the mail's id. */
export interface MailRecord {
  mailId: string;
  sealedMessage: string;
  createdAt: number;
  /** Claims so far: each is one try to send. */
  attempts: number;
  /** When it may be tried (again); in the future while another server holds it. */
  nextAttemptAt: number;
}

const ENQUEUE = `INSERT INTO mail (mail_id, sealed_message, created_at, attempts, next_attempt_at)
  VALUES ($1, $2, $3, 0, $3)`;
const DUE = `SELECT mail_id AS "mailId", sealed_message AS "sealedMessage", created_at AS "createdAt", attempts,
  next_attempt_at AS "nextAttemptAt" FROM mail WHERE next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT $2`;
const PAGE = `SELECT mail_id AS "mailId", sealed_message AS "sealedMessage", created_at AS "createdAt", attempts,
  next_attempt_at AS "nextAttemptAt" FROM mail WHERE mail_id > $1 ORDER BY mail_id LIMIT $2`;
const ADOPT = `INSERT INTO mail (mail_id, sealed_message, created_at, attempts, next_attempt_at)
  VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`;
const CLAIM = `UPDATE mail SET attempts = attempts + 1, next_attempt_at = $4
  WHERE mail_id = $1 AND attempts = $2 AND next_attempt_at = $3`;
const POSTPONE = "UPDATE mail SET next_attempt_at = $3 WHERE mail_id = $1 AND attempts = $2";
const REMOVE = "DELETE FROM mail WHERE mail_id = $1";

/** The queue of mails under way. What is queued is sent, by whichever server claims it first. */
export const mails = (db: Database) => {
  const enqueueing = (mailId: string, sealedMessage: string, at: number): Statement => [
    ENQUEUE,
    [mailId, sealedMessage, at],
  ];
  return {
    /** For the batch that gives the reason for the mail, so that neither happens without the other. */
    enqueueing,

    due: (now: number, limit: number) => db.read<MailRecord>(DUE, [now, limit]),

    /** All that wait, also for their next try. */
    page: (after: string, limit: number) => db.read<MailRecord>(PAGE, [after, limit]),

    /** Takes over a mail of another region as it stands there. */
    adopt: async ({ mailId, sealedMessage, createdAt, attempts, nextAttemptAt }: MailRecord): Promise<void> => {
      await db.batch([[ADOPT, [mailId, sealedMessage, createdAt, attempts, nextAttemptAt]]]);
    },

    /**
     * Takes a due mail until `leaseEndsAt`: true for one server only, however many saw it due. Who dies holding it
     * loses it to the next when the lease ends. `attempts` counts the claim and is the proof of holding it.
     */
    claim: async (mail: MailRecord, leaseEndsAt: number) => {
      const [claimed] = await db.batch([[CLAIM, [mail.mailId, mail.attempts, mail.nextAttemptAt, leaseEndsAt]]]);
      return claimed?.count === 1;
    },

    /** @param attempts  as of the own claim, so that a lease already lost to another server is left alone. */
    postpone: (mailId: string, attempts: number, nextAttemptAt: number) =>
      db.batch([[POSTPONE, [mailId, attempts, nextAttemptAt]]]),

    /** Sent. */
    remove: (mailId: string) => db.batch([[REMOVE, [mailId]]]),

    /** Leaves nothing of the mail but the fact. `reason` holds nobody's address. */
    giveUp: (mailId: string, at: number, reason: string) =>
      db.batch([
        [REMOVE, [mailId]],
        auditStatement({
          auditId: randomUUID(),
          at,
          actor: "postman",
          action: "mail.given_up",
          target: mailId,
          detail: { reason },
        }),
      ]),
  };
};
