import assert from "node:assert/strict";
import { test } from "node:test";
import { openDemoHouse } from "../support/demo.ts";
import type { House } from "../support/house.ts";
import { type Page, requirePage, Visitor } from "../support/visitor.ts";

const CALLBACK = "/demo/app/callback";

/** A browser in which the demo app has begun a login, and the `state` it was given. */
async function begin(house: House) {
  const visitor = new Visitor(house);
  const page = requirePage(await visitor.go("/demo/app"));
  const state = /&amp;state=([\w.-]+)/.exec(page.html)?.[1];
  assert.ok(state);
  return { visitor, state };
}

const callbackOf = (house: House, more: Record<string, string>) =>
  `${CALLBACK}?${new URLSearchParams({ iss: house.config.url, ...more })}`;

function assertRefused(page: Page, reason: RegExp) {
  assert.equal(page.status, 400);
  assert.match(page.html, reason);
  assert.equal(page.forms.length, 0, "nothing can be exchanged");
}

test("a callback whose state this app never made in this browser is refused, whatever else it says", async () => {
  const { house } = await openDemoHouse();
  const { visitor, state } = await begin(house);
  const victim = await begin(house);
  const [at = "", random = "", signature = ""] = state.split(".");
  const states = [
    "",
    "1",
    state.slice(0, -1),
    `${state}.`,
    `${state}.1`,
    `${at}.${random}.`,
    `${Number(at) + 900}.${random}.${signature}`,
    `verifier ${state}`,
    victim.state,
  ];
  for (const forged of states) {
    const page = requirePage(await visitor.go(callbackOf(house, { code: "stolen-US", state: forged })));
    assertRefused(page, /did not make this state/);
  }
  assertRefused(requirePage(await visitor.go(callbackOf(house, { code: "1" }))), /did not make this state/);
  assertRefused(
    requirePage(await visitor.go(callbackOf(house, { error: "access_denied" }))),
    /did not make this state/,
  );
});

test("a callback of another login server is refused (mix-up, RFC 9207 §2.4)", async () => {
  const { house } = await openDemoHouse();
  const { visitor, state } = await begin(house);
  for (const iss of ["", "https://evil.example", `${house.config.url}/`, house.config.url.toUpperCase()])
    assertRefused(requirePage(await visitor.go(callbackOf(house, { iss, code: "1", state }))), /login server asked/);
});

test("a state is worth nothing when 15 minutes are over", async () => {
  const { house } = await openDemoHouse();
  const { visitor, state } = await begin(house);
  const path = callbackOf(house, { code: "1", state });
  house.passSeconds(15 * 60 - 1);
  assert.equal(requirePage(await visitor.go(path)).status, 200);
  house.passSeconds(1);
  assertRefused(requirePage(await visitor.go(path)), /within 15 minutes/);
});

test("a parameter that is there twice makes the callback nobody's", async () => {
  const { house } = await openDemoHouse();
  const { visitor, state } = await begin(house);
  for (const twice of ["code=2", `state=${state}`, "iss=1", "error=1&error=2"])
    assertRefused(
      requirePage(await visitor.go(`${callbackOf(house, { code: "1", state })}&${twice}`)),
      /is there twice/,
    );
});

test("nothing that a callback carries becomes part of the page (XSS)", async () => {
  const { house } = await openDemoHouse();
  const { visitor, state } = await begin(house);
  const evil = `"><script>alert(1)</script>'$(id)\`id\`\u202e`;
  for (const more of [{ code: evil }, { error: evil, error_description: evil }, { code: "1", [evil]: evil }])
    for (const known of [state, evil]) {
      const page = requirePage(await visitor.go(callbackOf(house, { state: known, ...more })));
      assert.doesNotMatch(page.html, /<script>alert|\u202e/);
      assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'none'; script-src 'self'/);
    }
});

test("the command that is shown for the terminal runs nothing that a callback carries (shell injection)", async () => {
  const { house } = await openDemoHouse();
  const { visitor, state } = await begin(house);
  const page = requirePage(await visitor.go(callbackOf(house, { code: "1'; id; '$(id)", state })));
  assert.ok(page.html.includes("&#39;code=1&#39;\\&#39;&#39;; id; &#39;\\&#39;&#39;$(id)&#39;"));
});

test("a callback that is no text or too much of it is refused like any other address", async () => {
  const { house } = await openDemoHouse();
  for (const query of ["code=%00", "code=%zz", "state=%ff", Array.from({ length: 200 }, (_, i) => `a${i}=1`).join("&")])
    assert.equal((await house.fetch(`${CALLBACK}?${query}`)).status, 400, query.slice(0, 20));
});

test("the demo app's forms go by no other site, no other browser and no other content (CSRF)", async () => {
  const { house } = await openDemoHouse();
  const { visitor, state } = await begin(house);
  const back = requirePage(await visitor.go(callbackOf(house, { code: "1", state })));
  const fields = back.forms[0]?.fields ?? {};
  assert.ok(fields.progress);
  for (const path of ["/demo/app/exchange", "/demo/app/call"]) {
    const foreign = requirePage(await visitor.post(path, fields, { origin: "https://evil.example" }));
    assert.equal(foreign.status, 403);
    for (const [who, sent] of [
      [new Visitor(house), fields],
      [visitor, { progress: fields.progress.slice(4) }],
      [visitor, { progress: "" }],
      [visitor, {}],
    ] as const) {
      const page = requirePage(await who.post(path, sent));
      assert.equal(new URL(page.url).pathname, "/demo/app", "it starts again");
      assert.doesNotMatch(page.html, /HTTP \d/);
    }
  }
});
