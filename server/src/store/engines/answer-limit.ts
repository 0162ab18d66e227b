/** The answer of a read came too late for whoever waits for it; the connection may be well. */
export class TooLate extends Error {
  override readonly name = "TooLate";
}

/**
 * The answer, if it comes in time; 0 milliseconds are without end. What comes later is dropped.
 *
 * @throws {TooLate}
 */
export async function withinAnswerLimit<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  if (milliseconds === 0) return answer;
  const { promise: late, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  function wait(forMilliseconds: number): void {
    const dueAt = performance.now() + forMilliseconds;
    timer = setTimeout(() => {
      // As long as this process was itself too busy to look, the other one may have been heard too late, or asked too late.
      const heldUp = Math.min(performance.now() - dueAt, milliseconds);
      if (heldUp > HELD_UP_MILLISECONDS) wait(heldUp);
      else setImmediate(() => reject(new TooLate(`No answer came within ${milliseconds} ms.`)));
    }, forMilliseconds);
  }
  wait(milliseconds);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Timers are a little late always. */
const HELD_UP_MILLISECONDS = 20;
