import type { Deps } from "../../deps.ts";
import type { Move } from "../../store/directory/moves.ts";
import type { MovingRows } from "../../store/region/moving-rows.ts";
import { normaliseEmail } from "../accounts/email.ts";
import { ACCOUNT_RESETS } from "../accounts/password-reset.ts";
import { ACCOUNT_LOGINS, emailBudgetKey } from "../login/failure-budgets.ts";
import { openLetter } from "../mail/letters.ts";
import type { Region } from "../regions/regions.ts";

/** Rows read, written or removed in one go (docs/decisions/portable-sql.md). */
const BATCH = 200;
/** Longer than a mail takes to be put into the other region, so that the old one's postman leaves it alone meanwhile. */
const MAIL_LEASE_SECONDS = 300;

/** The mover is part of what everything else may need. */
export type MovingDeps = Omit<Deps, "mover">;

export interface Copying {
  move: Move;
  from: Region;
  to: Region;
  hold(copiedRows?: number): Promise<void>;
}

/** Copies what is not there yet. */
export async function copyRows(deps: MovingDeps, work: Copying): Promise<void> {
  const { move, from, to } = work;
  for (const rows of await tablesOf(deps, work)) {
    for (let last: Awaited<ReturnType<typeof page>>[number] | undefined; ; ) {
      const found = await page(rows, last);
      if (found.length > 0) await to.store.movingRows.add(rows, found, move.subject, move.moveId);
      await work.hold(found.length);
      last = found.at(-1);
      if (found.length < BATCH) break;
    }
  }

  function page(rows: MovingRows, after: Parameters<typeof from.store.movingRows.page>[1]) {
    return from.store.movingRows.page(rows, after, BATCH);
  }
}

/** @throws {Error} when a table has other rows in the one region than in the other. */
export async function requireSame(deps: MovingDeps, work: Copying): Promise<void> {
  const { from, to } = work;
  const now = Math.max(from.now(), to.now());
  for (const rows of await tablesOf(deps, work)) {
    if (rows.of === "budget") continue; // failures go on being counted, and their windows end
    const [here, there] = await Promise.all([
      from.store.movingRows.count(rows, now),
      to.store.movingRows.count(rows, now),
    ]);
    if (here !== there)
      throw new Error(`${from.store.movingRows.nameOf(rows)}: ${here} rows in ${from.name}, ${there} in ${to.name}.`);
    await work.hold();
  }
}

/** Removes what moved from the region that it has left, or its copies from the one that it never came to. */
export async function removeRows(deps: MovingDeps, work: Copying, region: Region): Promise<void> {
  const { subject, moveId } = work.move;
  for (const rows of (await tablesOf(deps, work)).reverse())
    while ((await region.store.movingRows.remove(rows, BATCH, subject, moveId)) > 0) await work.hold();
}

/** In the order of their copying. */
async function tablesOf(deps: MovingDeps, { move, from, to }: Copying): Promise<MovingRows[]> {
  const { kind, subject } = move;
  const { tables } = from.store.movingRows;
  const own = tables(kind).map((table): MovingRows => ({ of: kind, table, key: subject }));
  if (kind === "installation") return own;
  const account = (await from.store.accounts.find(subject)) ?? (await to.store.accounts.find(subject));
  if (!account) return own;
  const budgets = [ACCOUNT_LOGINS, ACCOUNT_RESETS].flatMap((limit) =>
    tables("budget").map(
      (table): MovingRows => ({ of: "budget", table, key: emailBudgetKey(deps, limit, account.emailKey) }),
    ),
  );
  return [...budgets, ...own];
}

/**
 * Mails of the account that were queued and are not sent. They name nobody outside their seal, so all that wait are
 * opened. Claimed first, like by a postman; a server that dies between the two regions may cause a mail to be sent
 * twice, as one that dies while sending may.
 */
export async function moveMails(deps: MovingDeps, work: Copying): Promise<void> {
  const { from, to, move } = work;
  const account = await to.store.accounts.find(move.subject);
  if (!account) return;
  let after = "";
  for (;;) {
    const waiting = await from.store.mails.page(after, BATCH);
    for (const mail of waiting) {
      const letter = openLetter(deps.keys, mail);
      if (!letter || normaliseEmail(letter.to) !== account.emailKey) continue;
      if (!(await from.store.mails.claim(mail, from.now() + MAIL_LEASE_SECONDS))) continue; // it is being sent
      await to.store.mails.adopt(mail);
      await from.store.mails.remove(mail.mailId);
    }
    await work.hold();
    const last = waiting.at(-1);
    if (!last || waiting.length < BATCH) break;
    after = last.mailId;
  }
  deps.postman.wake(to.name);
}
