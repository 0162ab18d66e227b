import { randomUUID } from "node:crypto";
import type { Move } from "../../store/directory/moves.ts";
import type { MovingDeps } from "./rows.ts";
import { runMove } from "./run-move.ts";

const ROUND_EVERY_MS = 5_000;
const ONWARD_EVERY_MS = 500;

/** Does what moves there are to do, of this process and of those that died. */
export interface Mover {
  /** One look at all of them; resolves when each is over, waits, or is another server's. Never rejects. */
  round(): Promise<void>;
  /** Begins nothing more, and resolves when the step under way is over. */
  stop(): Promise<void>;
}

export function startMover(deps: MovingDeps): Mover {
  const owner = randomUUID();
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<boolean> = Promise.resolve(false);
  let stopping = false;

  async function work(): Promise<boolean> {
    let waiting = false;
    try {
      for (const move of await deps.directory.moves.unfinished()) if (!stopping && (await goOn(move))) waiting = true;
    } catch (error) {
      deps.log.warn({ err: error }, "moves wait: the directory is lost");
    }
    return waiting;
  }

  async function goOn(move: Move): Promise<boolean> {
    try {
      return await runMove(deps, move, owner);
    } catch (error) {
      deps.log.error(
        { err: error, kind: move.kind, subject: move.subject },
        "a move does not get on; it is tried again",
      );
      const problem = error instanceof Error ? error.message : String(error);
      await deps.directory.moves.report(move, owner, problem.slice(0, 300)).catch(() => {});
      return true;
    }
  }

  const round = async () => {
    last = last.then(work);
    const waiting = await last;
    clearTimeout(timer);
    if (!stopping) timer = setTimeout(round, waiting ? ONWARD_EVERY_MS : ROUND_EVERY_MS).unref();
  };
  timer = setTimeout(round, ROUND_EVERY_MS).unref();

  return {
    round,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await last;
    },
  };
}
