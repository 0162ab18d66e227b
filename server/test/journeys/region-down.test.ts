import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { startFailingPlaces } from "../support/failing-places.ts";
import { openFailingWorld, stateOfRegion } from "../support/failing-world.ts";
import { ENGINES, type Engine } from "../support/house.ts";
import { basic, exchange, exchangeOf, isActive, loginPath, postForm } from "../support/scene.ts";
import { requireLeft, requirePage, Visitor } from "../support/visitor.ts";
import { obtainToken, signIn, type TestUser } from "../support/world.ts";

const failingPlace = await startFailingPlaces();

async function openWorld(engine: Engine) {
  const opened = await openFailingWorld(await failingPlace(engine));
  const { house, app } = opened;
  const codeOf = async (user: TestUser) =>
    requireLeft(await signIn(new Visitor(house), loginPath(app), user)).answer.get("code") ?? "";
  return { ...opened, codeOf, stateOf: (name: string) => stateOfRegion(house, name) };
}

for (const engine of ENGINES) {
  test(`a lost region costs what lives there, and nothing else (${engine})`, async () => {
    const { place, house, american, european, both, app, codeOf, stateOf } = await openWorld(engine);
    const [usToken, euToken] = [await obtainToken(house, app, american), await obtainToken(house, app, european)];
    const euCode = await codeOf(european);
    const credential = (await house.admin("POST", "/api-credentials", { name: "api" })).body;
    await place.lose(house, "EU");

    const refused = await exchange(house, exchangeOf(app, euCode));
    assert.equal(refused.status, 503);
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    assert.equal(refused.body.error, "temporarily_unavailable");
    const introspect = (token: string) =>
      postForm(
        house,
        "/oauth2/introspect",
        { token },
        { headers: { authorization: basic(credential.id, credential.secret) } },
      );
    assert.equal((await introspect(euToken.access_token)).status, 503, "never a token that seems revoked");
    assert.equal((await introspect(usToken.access_token)).body.active, true);
    assert.equal(requirePage(await signIn(new Visitor(house), loginPath(app), european)).status, 503);

    await obtainToken(house, app, american);
    assert.ok(await isActive(house, usToken.access_token));
    const chooser = requirePage(await signIn(new Visitor(house), loginPath(app), both));
    assert.match(chooser.html, /Acme US/);
    assert.match(chooser.html, /Region EU does not answer/);
    assert.deepEqual([await stateOf("US"), await stateOf("EU")], ["up", "down"]);
    assert.equal((await house.fetch("/health/ready")).status, 200);
  });
}

test("a region that does not answer costs the first requests a second each and the others nothing, and comes back", async () => {
  const { place, house, american, european, app, codeOf, stateOf } = await openWorld("postgres");
  const [usToken, euToken] = [await obtainToken(house, app, american), await obtainToken(house, app, european)];
  const code = await codeOf(european);
  await isActive(house, euToken.access_token);
  place.silence?.("EU");

  const check = async () => {
    const startedAt = performance.now();
    const { status } = await house.fetch("/launchpad/v1/userinfo.json", {
      headers: { authorization: `Bearer ${euToken.access_token}` },
    });
    assert.equal(status, 503);
    return performance.now() - startedAt;
  };
  const first = await check();
  while ((await stateOf("EU")) === "up") await delay(20);
  for (let tries = 0; tries < 3; tries++) await check();
  const later = [await check(), await check(), await check(), await check(), await check()];
  assert.ok(Math.min(...later) < first / 2, `${later} are not soon after ${first}`);
  assert.ok(await isActive(house, usToken.access_token));

  place.restore?.("EU");
  while ((await stateOf("EU")) !== "up") await delay(50);
  assert.ok(await isActive(house, euToken.access_token), "nothing was revoked");
  assert.equal((await exchange(house, exchangeOf(app, code))).status, 200, "nor spent");
});
