import assert from "node:assert/strict";
import { test } from "node:test";
import { enter, IPHONE, isInside, open } from "../support/account.ts";
import { openHouse } from "../support/house.ts";
import { requirePage } from "../support/visitor.ts";
import { obtainToken, worldOf } from "../support/world.ts";

/** Somebody at home in the US who has an installation and an app in each region. */
async function openBoth() {
  const house = await openHouse();
  const world = worldOf(house);
  const [us, eu] = [await world.addInstallation("US"), await world.addInstallation("EU")];
  const user = await world.addUser(us);
  await world.addUser(eu, { email: user.email });
  const app = await world.registerApp({ name: "Planner" });
  for (const installation of [us, eu]) await obtainToken(house, app, { ...user, installation });
  return { house, user, us, eu, lose: (name: string) => house.deps.regions.require(name).store.db.close() };
}

test("a region that is down is named on the account pages, and what lives elsewhere is shown", async () => {
  const { house, user, us, lose } = await openBoth();
  const visitor = await enter(house, { ...user, installation: us });
  await lose("EU");

  for (const path of ["/account", "/account/apps"]) {
    const page = await open(visitor, path);
    assert.equal(page.status, 200, path);
    assert.match(page.html, /Region EU does not answer/, path);
    assert.match(page.html, /Acme US/, path);
    assert.doesNotMatch(page.html, /Acme EU/, path);
  }
  assert.match((await open(visitor, "/account/apps.csv")).html, /Region EU did not answer/);
  assert.match((await open(visitor, "/account/sessions")).html, /This browser/);
});

test("signing out elsewhere works while another region is down, and says what it could not reach", async () => {
  const { house, user, us, lose } = await openBoth();
  const visitor = await enter(house, { ...user, installation: us });
  const phone = await enter(house, { ...user, installation: us }, IPHONE);
  await lose("EU");

  const ended = requirePage(
    await visitor.send(await open(visitor, "/account/sessions"), "/account/sessions/end-others"),
  );

  assert.match(ended.html, /A region does not answer/);
  assert.equal(await isInside(phone), false);
});

test("while the home region is down the pages say so, and change nothing that lives there", async () => {
  const { house, user, eu, lose } = await openBoth();
  const visitor = await enter(house, { ...user, installation: eu });
  const form = await open(visitor, "/account/password");
  await lose("US");

  assert.match((await open(visitor, "/account")).html, /Region US does not answer[\s\S]*Acme EU/);
  assert.match((await open(visitor, "/account/sessions")).html, /Region US does not answer/);
  const refused = requirePage(await visitor.submit(form, { current: user.password, password: "violet kettle moor" }));
  assert.equal(refused.status, 503);
});
