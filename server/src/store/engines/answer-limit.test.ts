import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { withinAnswerLimit } from "./answer-limit.ts";

test("an answer that does not come is given up, and one that comes in time is not", async () => {
  await assert.rejects(withinAnswerLimit(5, delay(60_000, undefined, { ref: false })), { name: "TooLate" });
  assert.equal(await withinAnswerLimit(60_000, Promise.resolve(7)), 7);
  assert.equal(await withinAnswerLimit(0, delay(5, 7)), 7);
});

test("who was too busy to ask or to listen waits longer by as much", async () => {
  const asksAtTheEndOfTheTurn = new Promise((resolve) => setImmediate(() => setTimeout(resolve, 30, 7)));
  const answer = withinAnswerLimit(50, asksAtTheEndOfTheTurn);
  const busyUntil = performance.now() + 150;
  while (performance.now() < busyUntil);
  assert.equal(await answer, 7);
});
