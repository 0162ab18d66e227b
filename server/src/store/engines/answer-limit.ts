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
  // Where this process was itself too busy to look, the answer may lie there by now: it is looked for once more first.
  const timer = setTimeout(() => {
    setImmediate(() => reject(new TooLate(`No answer came within ${milliseconds} ms.`)));
  }, milliseconds);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
