import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import type { DemoWorld } from "../../src/domain/demo/demo-world.ts";
import { openDemoHouse } from "../support/demo.ts";
import type { House } from "../support/house.ts";
import { isActive } from "../support/scene.ts";
import { type Page, requirePage, Visitor } from "../support/visitor.ts";
import { signIn } from "../support/world.ts";

const EXCHANGE = "/demo/app/exchange#step-4";
const CALL = "/demo/app/call#step-5";

/** Steps one to three, by somebody without JavaScript. */
async function comeBack(house: House, { users }: DemoWorld, decision = "allow") {
  const visitor = new Visitor(house);
  const [dana] = users;
  assert.ok(dana);
  const consent = requirePage(await signIn(visitor, "/demo/app/login", dana));
  return { visitor, back: requirePage(await visitor.submit(consent, {}, decision)) };
}

const post = async (visitor: Visitor, page: Page, action: string) => requirePage(await visitor.send(page, action));
const textOf = ({ html }: Page) => html.replace(/<[^>]*>/g, "").replaceAll("&quot;", '"');
const tokenIn = (page: Page) => /"access_token": "(tkn\.v1_[\w=+/]+)"/.exec(textOf(page))?.[1] ?? "";

test("the demo app walks through the five steps and shows what is asked and told, without JavaScript", async () => {
  const { house, demo } = await openDemoHouse();
  const { clientId, clientSecret } = demo.apps[0];
  const first = requirePage(await new Visitor(house).go("/demo/app"));
  assert.match(textOf(first), new RegExp(`GET /launchpad/login\n\\?client_id=${clientId}`));
  for (const { email } of demo.users) assert.ok(textOf(first).includes(email));

  const { visitor, back } = await comeBack(house, demo);
  assert.equal(back.status, 200);
  assert.match(textOf(back), /GET \/demo\/app\/callback\n\?code=[\w-]+-US/);
  assert.match(textOf(back), /curl -s &#39;.*token\.json&#39;/);

  const exchanged = await post(visitor, back, EXCHANGE);
  assert.match(textOf(exchanged), /HTTP 200/);
  assert.ok(await isActive(house, tokenIn(exchanged)));

  const called = await post(visitor, exchanged, CALL);
  assert.match(textOf(called), /"email": "dana@acme\.example\.com"/);
  assert.match(textOf(called), /GET \/demo\/US\/1\/me\.json/);

  for (const page of [first, back, exchanged, called]) {
    assert.ok(!page.html.includes(clientSecret));
    assert.equal(page.headers.get("cache-control"), "no-store");
  }
  assert.match(textOf(exchanged), /client_secret=••••••••/);
});

test("a second press on Exchange shows the refusal, and the token has ended", async () => {
  const { house, demo } = await openDemoHouse();
  const { visitor, back } = await comeBack(house, demo);
  const exchanged = await post(visitor, back, EXCHANGE);
  const again = await post(visitor, back, EXCHANGE);
  assert.match(textOf(again), /HTTP 400[\s\S]*"error": "invalid_grant"/);
  assert.equal(await isActive(house, tokenIn(exchanged)), false);
  assert.match(textOf(await post(visitor, exchanged, CALL)), /HTTP 401[\s\S]*WWW-Authenticate: Bearer/);
});

test("a user who says no is told so, and there is nothing to exchange", async () => {
  const { house, demo } = await openDemoHouse();
  const { back } = await comeBack(house, demo, "deny");
  assert.equal(back.status, 400);
  assert.match(textOf(back), /The user said no\./);
  assert.equal(back.forms.length, 0);
});

test("a login that begins under another host name is sent to LATCHKEY_URL first, where its cookie will be", async () => {
  const { house } = await openDemoHouse();
  const answer = await house.fetch("http://127.0.0.1:4400/demo/app/login", { headers: { host: "127.0.0.1:4400" } });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get("location"), `${house.config.url}/demo/app`);
});

test("an apiEndPoint of somebody else is shown and never called from here", async () => {
  const { house, demo } = await openDemoHouse();
  await house.admin("PATCH", "/regions/US/installations/1", { apiEndPoint: "https://api.example.com/" });
  const { visitor, back } = await comeBack(house, demo);
  const exchanged = await post(visitor, back, EXCHANGE);
  assert.match(textOf(exchanged), /curl -s &#39;https:\/\/api\.example\.com\/me\.json&#39;/);
  assert.equal(exchanged.forms.length, 0);
});

test("the page says what to do when the app's secret got lost while the server runs", async () => {
  const { house } = await openDemoHouse();
  rmSync(`${house.config.dataDirectory}/demo.json`);
  for (const path of ["/demo/app", "/demo/app/login", "/demo/app/callback"]) {
    const answer = await house.fetch(path);
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /Start the server again/);
  }
});
