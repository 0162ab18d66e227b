import assert from "node:assert/strict";
import { test } from "node:test";
import { withinTimeLimit } from "./time-limit.ts";

test("work that never ends is unavailable after ten seconds, with nothing done", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const stuck = withinTimeLimit("US", new Promise(() => {}));
  t.mock.timers.tick(10_000);
  await assert.rejects(stuck, { name: "DatabaseUnavailable", database: "US", outcome: "not-done" });
});

test("work that ends in time gives its result, or its own failure", async () => {
  const reason = new Error("mine");
  assert.equal(await withinTimeLimit("US", Promise.resolve(7)), 7);
  await assert.rejects(withinTimeLimit("US", Promise.reject(reason)), (error) => error === reason);
});
