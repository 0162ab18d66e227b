import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createAppRegistry } from "../../src/domain/apps/registry.ts";
import { createExchangeBudget } from "../../src/domain/login/failure-budgets.ts";
import { createLog } from "../../src/log.ts";
import { exchange, exchangeOf, openScene } from "../support/scene.ts";

const EXCHANGES_MAX = 120;
const ADDRESS = "198.51.100.7";

test("an address that used up its failed exchanges at one server is stopped at the others, and nobody else is", async (t) => {
  const { house, app } = await openScene();
  const { deps } = house;
  const neighbour = createExchangeBudget(deps.directory);
  const registry = createAppRegistry(deps.directory, createLog({ write() {} }), { budget: neighbour.learn });
  await registry.start();
  t.after(() => registry.stop());
  const isStopped = (address: string) => {
    try {
      neighbour.requireSome(deps, address);
      return false;
    } catch {
      return true;
    }
  };
  const failing = () => exchange(house, exchangeOf(app, "no-code"), { from: ADDRESS });

  const before = await deps.directory.changes.latest();
  for (let tries = 1; tries < EXCHANGES_MAX; tries++) await failing();
  assert.equal(await deps.directory.changes.latest(), before, "nothing is told while the budget lasts");
  assert.equal(isStopped(ADDRESS), false);
  for (let tries = 0; tries < 3; tries++) await failing();
  while (!isStopped(ADDRESS)) await delay(20);
  assert.equal(await deps.directory.changes.latest(), before + 1, "and once when it is used up");
  assert.equal(isStopped("198.51.100.8"), false);

  house.passSeconds(60);
  assert.equal(isStopped(ADDRESS), false, "until its window ends");
});
