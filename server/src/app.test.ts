import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../test/support/house.ts";
import { createApp } from "./app.ts";

test("the routes of logins, exchanges and checks fit the faster of Hono's routers", async () => {
  const { deps } = await openHouse();
  const app = createApp(deps);
  await app.request("/health/live");
  assert.equal(app.router.name, "SmartRouter + RegExpRouter");
});
