import type { Move } from "../../store/directory/moves.ts";
import { auditEntry } from "../audit.ts";
import { targetOf } from "./moves.ts";
import { type Copying, copyRows, type MovingDeps, moveMails, removeRows, requireSame } from "./rows.ts";

/** How long a server that died keeps the others from going on. Prolonged with every batch of rows. */
const LEASE_SECONDS = 30;
/**
 * How long old and new rows stand side by side after the flip, with nobody writing to either: every server that follows
 * the directory knows of the flip by then, and one that does not follow it asks (whereabouts.ts).
 */
export const GRACE_SECONDS = 3;

/** Another server works on the move by now, or somebody undid it. */
class LostLease extends Error {
  override readonly name = "LostLease";
}

/** What every step of a move has in its hands. */
interface Work extends Copying {
  owner: string;
  /** Called after every batch of rows. @throws {LostLease} */
  hold(copiedRows?: number): Promise<void>;
}

/**
 * Goes on with a move as far as it can go now. Every step can be done again, by any server, so that it does not matter
 * after which line one was killed: the move's row says which steps come next.
 *
 * copying: mark in both regions -> wait for writes under way -> copy -> compare -> flip the route
 * flipped: (grace) -> remove the old rows -> unmark; undoing: remove the copies -> unmark
 *
 * @param owner  names this server, or this try.
 * @returns whether there is anything left to do.
 */
export async function runMove(deps: MovingDeps, move: Move, owner: string): Promise<boolean> {
  const { moves } = deps.directory;
  for (;;) {
    const claimed = await moves.claim(move, owner, moves.now() + LEASE_SECONDS);
    if (!claimed || claimed.moveId !== move.moveId) return false;
    const work = workOn(deps, claimed, owner);
    try {
      if (claimed.state === "copying") await copy(deps, work);
      else if (claimed.state === "undoing") await discard(deps, work);
      else if (moves.now() < (claimed.flippedAt ?? 0) + GRACE_SECONDS) return true;
      else await clear(deps, work);
    } catch (error) {
      if (!(error instanceof LostLease)) throw error;
    }
  }
}

function workOn(deps: MovingDeps, move: Move, owner: string): Work {
  const { moves } = deps.directory;
  return {
    move,
    owner,
    from: deps.regions.require(move.fromRegion),
    to: deps.regions.require(move.toRegion),
    async hold(copiedRows = 0) {
      if (!(await moves.hold(move, owner, moves.now() + LEASE_SECONDS, copiedRows))) throw new LostLease();
    },
  };
}

async function copy(deps: MovingDeps, work: Work): Promise<void> {
  const { move, from, to, owner } = work;
  const { kind, subject, moveId } = move;
  for (const region of [from, to]) await region.store.moving.unmarkOthers(kind, subject, moveId);
  await work.hold();
  await from.store.moving.mark(kind, subject, moveId, "leaving");
  await from.store.moving.settled();
  await copyRows(deps, work);
  if (kind === "installation") await to.store.moving.setAddresses(Number(subject), moveId);
  await requireSame(deps, work);
  const entry = auditEntry("mover", `${kind}.move.flip`, targetOf(move), deps.directory.moves.now(), { to: to.name });
  if (!(await deps.directory.moves.flip(move, owner, entry))) throw new LostLease();
}

/** Writes go on as soon as nothing is found in the old region any more; the rest of it goes after that. */
async function clear(deps: MovingDeps, work: Work): Promise<void> {
  const { move, from, to, owner } = work;
  const { kind, subject, moveId } = move;
  await deps.apps.catchUp(); // this server may be the one that does not follow the directory
  if (kind === "account") await takeLeftovers(deps, work);
  await removeRows(deps, work, from);
  await to.store.moving.unmark(kind, subject, moveId);
  if (kind === "installation")
    while ((await deps.directory.moves.routeMembers(Number(subject), to.name, 500)) > 0) await work.hold();
  await from.store.moving.unmark(kind, subject, moveId);
  await deps.directory.moves.finish(move, owner, "done");
}

/** What came into the old region after its copy was made, and what names it elsewhere. */
async function takeLeftovers(deps: MovingDeps, work: Work): Promise<void> {
  const { move, from, to } = work;
  await copyRows(deps, work);
  await moveMails(deps, work);
  for (const region of deps.regions.all) await region.store.movingRows.setAccountRegion(move.subject, to.name);
  while ((await from.store.movingRows.endSessions(move.subject, 500)) > 0) await work.hold();
}

async function discard(deps: MovingDeps, work: Work): Promise<void> {
  const { move, from, to, owner } = work;
  const { kind, subject, moveId } = move;
  await to.store.moving.setRole(kind, subject, moveId, "discarded");
  await to.store.moving.settled();
  await removeRows(deps, work, to);
  for (const region of [to, from]) await region.store.moving.unmark(kind, subject, moveId);
  await deps.directory.moves.finish(move, owner, "undone");
}
