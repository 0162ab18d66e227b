import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createBreaker } from "./breaker.ts";

const refused = { name: "DatabaseUnavailable", database: "US", outcome: "not-done" };
const late = new Error("late");

test("a connection that fails refuses who comes next, until an answer comes in time", () => {
  const breaker = createBreaker("US");
  breaker.admit();
  breaker.failed(new Error("refused"));
  assert.throws(() => breaker.admit(), refused);
  breaker.answered();
  breaker.admit();
  assert.equal(breaker.isOpen(), false);
});

test("the third late answer in a row opens it, and two do not", () => {
  const breaker = createBreaker("US");
  breaker.late(late);
  breaker.late(late);
  breaker.answered();
  breaker.late(late);
  breaker.late(late);
  breaker.admit();
  breaker.late(late);
  assert.throws(() => breaker.admit(), refused);
});

test("while it is open one caller in half a second is let through", async () => {
  const breaker = createBreaker("US");
  breaker.failed(late);
  assert.throws(() => breaker.admit(), refused);
  await delay(550);
  breaker.admit();
  assert.throws(() => breaker.admit(), refused);
});
