import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../../test/support/house.ts";

test("a process that is up is live, and ready with the state of each region", async () => {
  const house = await openHouse();
  assert.equal((await house.fetch("/health/live")).status, 200);
  const ready = await house.fetch("/health/ready");
  assert.equal(ready.status, 200);
  assert.deepEqual(await ready.json(), {
    status: "ok",
    directory: "up",
    regions: [
      { name: "US", state: "up" },
      { name: "EU", state: "up" },
    ],
  });
});

test("one lost region is named and leaves the process ready, the loss of all does not", async () => {
  const house = await openHouse();
  await house.deps.regions.require("EU").store.db.close();
  const one = await house.fetch("/health/ready");
  assert.equal(one.status, 200);
  assert.equal((await one.json()).regions[1].state, "down");
  await house.deps.regions.require("US").store.db.close();
  assert.equal((await house.fetch("/health/ready")).status, 503);
});

test("a process that stops is live but no longer ready", async () => {
  const house = await openHouse();
  house.beginStopping();
  assert.equal((await house.fetch("/health/ready")).status, 503);
  assert.equal((await house.fetch("/health/live")).status, 200);
});
