import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanUp } from "../../src/domain/housekeeping.ts";
import { open } from "../support/portal-scene.ts";
import { openTrial } from "../support/trial.ts";
import { requirePage, Visitor } from "../support/visitor.ts";

test("a developer tries an app by the five steps for real: as a test user of the sandbox, to a token that works", async () => {
  const { begin, act } = await openTrial();
  const page = await begin();
  assert.match(page.url, /\/try\/US\.[0-9a-f]{24}$/);
  assert.match(page.html, /code=••••••••-US/);
  assert.match(page.html, /redirect_uri=http%3A%2F%2Flocalhost%3A4400%2Fportal%2Ftry%2Fcallback/);
  assert.match(page.html, /data-seconds-left="900"/);

  const exchanged = await act(page, "exchange");
  assert.match(exchanged.html, /HTTP 200/);
  assert.match(exchanged.html, /tkn\.v1_••••••••/);
  assert.match(exchanged.html, /client_secret=••••••••/);
  assert.match(exchanged.html, /\d+ ms, region US/);
  assert.match((await act(exchanged, "userinfo")).html, /ada\.\d+@sandbox\.test/);
  assert.match((await act(exchanged, "api")).html, /GET \/sandbox\/US\/\d+\/me\.json/);
  assert.match((await act(exchanged, "introspect")).html, /&quot;active&quot;: true/);

  const revoked = await act(exchanged, "revoke");
  assert.match(revoked.html, /The token has ended/);
  assert.match((await act(revoked, "userinfo")).html, /HTTP 401/);
});

test("a public app is tried by its code verifier, without any secret", async () => {
  const { begin, act } = await openTrial("spa");
  const page = await act(await begin(), "exchange");
  assert.match(page.html, /HTTP 200/);
  assert.match(page.html, /code_verifier=••••••••/);
  assert.doesNotMatch(page.html, /client_secret/);
  assert.match((await act(page, "revoke")).html, /The token has ended/);
});

test("each mistake is made for real, and a code that was refused still works", async () => {
  const { begin, act, visitor, clientId } = await openTrial();
  await visitor.submit(await open(visitor, `/portal/apps/${clientId}/credentials`), { origin: "https://a.example" });
  let page = await begin();
  const refusals = {
    "wrong-secret": "invalid_client",
    "wrong-redirect-uri": "The redirect_uri differs",
    "wrong-verifier": "The code_verifier does not belong",
    "no-origin": "origin_not_allowed",
  };
  for (const [one, said] of Object.entries(refusals)) {
    page = await act(page, one);
    assert.ok(page.html.includes(said), one);
  }
  page = await act(page, "exchange");
  assert.match(page.html, /Origin: https:\/\/a\.example/);
  assert.match(page.html, /HTTP 200/);
});

test("a code that is late is refused, and a code that is used again ends its token", async () => {
  const { begin, act } = await openTrial();
  const late = await act(await begin(), "expire");
  assert.match(late.html, /The code has expired/);
  assert.match(late.html, /The code ended at/);

  const page = await act(await begin(), "exchange");
  const replayed = await act(page, "reuse");
  assert.match(replayed.html, /The code was already used/);
  assert.match((await act(replayed, "userinfo")).html, /HTTP 401/);
});

test("a refusal at the consent page comes back as access_denied", async () => {
  const { begin } = await openTrial();
  const page = await begin({ mode: "deny" });
  assert.match(page.html, /error=access_denied/);
  assert.match(page.html, /The user said no/);
  assert.equal(page.title.startsWith("Error:"), true);
});

test("an app in development is refused to whoever is in no test installation", async () => {
  const { visitor, begin } = await openTrial();
  const page = await begin({ as: "" });
  assert.match(page.html, /error=access_denied/);
  assert.equal((await open(visitor, "/portal/teams")).status, 404);
});

test("a login in a popup ends at a page that hands over to the portal's", async () => {
  const { begin, path } = await openTrial();
  const page = await begin({ mode: "popup" });
  assert.equal(new URL(page.url).pathname, "/portal/try/callback");
  assert.match(page.html, new RegExp(`href="${path}/US\\.[0-9a-f]{24}" data-hands-over`));
});

test("the code and the token are on the page once the person asks for them, the secret never", async () => {
  const { begin, act, visitor } = await openTrial();
  const page = await act(await begin(), "exchange");
  assert.doesNotMatch(page.html, /tkn\.v1_\w|lks_try_/);
  const shown = await open(visitor, `${new URL(page.url).pathname}?show=values`);
  const token = /tkn\.v1_[\w+/=]+/.exec(shown.html)?.[0] ?? "";
  assert.ok(token.length > 60);
  assert.match(shown.html, /code=[0-9a-f-]{36}-US/);
  assert.doesNotMatch(shown.html, /lks_/);
});

test("what was granted is a connected app like any other, and its steps are in the log", async () => {
  const { house, begin, act, visitor } = await openTrial();
  const page = await act(await begin(), "exchange");
  await house.deps.timeline.flush();
  const log = await open(visitor, /href="([^"]+\/logs\/[0-9a-f]{24})"/.exec(page.html)?.[1] ?? "");
  assert.match(log.html, /Try it/);
  assert.match(log.html, /Exchange<\/strong> <span class="badge good">ok/);

  const ada = new Visitor(house);
  const [, email = "", password = ""] =
    /<code>(ada[^<]+)<\/code> with the password <code>([^<]+)</.exec(page.html) ?? [];
  requirePage(await ada.submit(requirePage(await ada.go("/account")), { email, password }));
  assert.match((await open(ada, "/account/apps")).html, /Planner/);
});

test("what was kept of a try is removed when its hour is over", async () => {
  const { house, begin, visitor } = await openTrial();
  const page = await begin();
  house.passSeconds(3_600);
  assert.equal(new URL((await open(visitor, new URL(page.url).pathname)).url).pathname.endsWith("/try"), true);
  const { trials } = house.deps.regions.require("US").store;
  house.passSeconds(1);
  await cleanUp(house.deps);
  assert.equal(await trials.purge(house.deps.now()), 0);
});

test("the first use of a token ends its login's timeline and the checklist of the first login, and no later use does", async () => {
  const { house, begin, act, visitor, clientId } = await openTrial();
  const page = await act(await begin(), "exchange");
  const overview = async () => {
    await house.deps.tokenUses.flush();
    await house.deps.timeline.flush();
    return (await open(visitor, `/portal/apps/${clientId}`)).html.match(/<li class="done">/g)?.length;
  };
  assert.equal(await overview(), 2, "no redirect URI is registered, and no API was called");
  for (const way of ["userinfo", "introspect", "userinfo"]) {
    await act(page, way);
    assert.equal(await overview(), 3);
  }
  const log = await open(visitor, /href="([^"]+\/logs\/[0-9a-f]{24})"/.exec(page.html)?.[1] ?? "");
  assert.equal(log.html.match(/First use of the token/g)?.length, 1);
});
