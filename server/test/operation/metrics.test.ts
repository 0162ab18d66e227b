import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../support/house.ts";

const LOCAL = { from: "127.0.0.1" };

test("a scraper on this machine reads what was answered and which databases are up", async () => {
  const house = await openHouse();
  await house.fetch("/launchpad/v1/userinfo.json");
  await house.fetch("/launchpad/v1/token.json", { method: "POST", body: "{}" });

  const text = await (await house.fetch("/metrics", LOCAL)).text();

  assert.match(text, /latchkey_requests_total\{method="GET",route="\/launchpad\/v1\/userinfo.json",status="401"\} 1/);
  assert.match(text, /latchkey_refusals_total\{route="\/launchpad\/v1\/token.json",error="invalid_client"\} 1/);
  for (const database of ["directory", "US", "EU"])
    assert.match(text, new RegExp(`latchkey_database_up\\{database="${database}"\\} 1`));
});

test("the process is watched from the first scrape on, and told of by the next one", async () => {
  const house = await openHouse();
  await house.fetch("/metrics", LOCAL);
  const text = await (await house.fetch("/metrics", LOCAL)).text();
  assert.match(text, /\nprocess_cpu_seconds_total [\d.]+/);
  assert.match(text, /\nnodejs_eventloop_lag_p99_seconds /);
});

test("the metrics are for this machine and the trusted proxies' own requests only", async () => {
  const house = await openHouse({ settings: { LATCHKEY_TRUSTED_PROXIES: "10.0.0.0/8" } });
  const statusOf = async (from: string, headers: Record<string, string> = {}) =>
    (await house.fetch("/metrics", { from, headers })).status;

  assert.equal(await statusOf("10.1.2.3"), 200);
  assert.equal(await statusOf("192.0.2.1"), 404);
  assert.equal(await statusOf("192.0.2.1", { "x-forwarded-for": "127.0.0.1" }), 404);
  assert.equal(await statusOf("10.1.2.3", { "x-forwarded-for": "192.0.2.1" }), 404);
});

test("addresses that nobody serves do not become labels", async () => {
  const house = await openHouse();
  for (const path of ["/a1", "/a2?code=secret", "/demo/x/y"]) await house.fetch(path);

  const text = await (await house.fetch("/metrics", LOCAL)).text();

  assert.doesNotMatch(text, /a1|a2|secret/);
});
