import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { startFailingPlaces } from "../support/failing-places.ts";
import { readinessOf, stateOfRegion } from "../support/failing-world.ts";
import { ENGINES, type Engine, type House, openHouse } from "../support/house.ts";
import { askForCode, codeFor, DRAFT, newEmail, OPEN, PASSWORD, proveEmail } from "../support/sign-up.ts";
import { type Page, requirePage, Visitor } from "../support/visitor.ts";

const failingPlace = await startFailingPlaces();

async function openOffice(engine: Engine) {
  const place = await failingPlace(engine);
  const house = await openHouse({ ...place.options, settings: { ...OPEN.settings, ...place.options.settings } });
  const restore = async (name: string) => {
    place.restore?.(name);
    const isUp = async () =>
      name === "directory"
        ? (await readinessOf(house)).body.directory === "up"
        : (await stateOfRegion(house, name)) === "up";
    while (!(await isUp())) await delay(20);
  };
  return { place, house, visitor: new Visitor(house), email: newEmail(), restore };
}

const submitTo = async (visitor: Visitor, page: Page, fill: Record<string, string>) =>
  requirePage(await visitor.submit(page, fill));

/** What there is of somebody: their account, wherever, and their teams. */
async function madeFor({ deps }: House, email: string) {
  const found = await Promise.all(deps.regions.all.map(({ store }) => store.accounts.findByEmailKey(email)));
  const accounts = found.filter((account) => account !== undefined);
  const teams = await Promise.all(accounts.map(({ accountId }) => deps.directory.teams.ofAccount(accountId)));
  return { accounts: accounts.length, teams: teams.flat().length };
}

for (const engine of ENGINES) {
  test(`who signs up into a lost region is told so, keeps what was typed, and may choose another one (${engine})`, async () => {
    const { place, house, visitor, email } = await openOffice(engine);
    const front = requirePage(await visitor.go("/portal/sign-up"));
    await place.lose(house, "EU");

    let page = front;
    for (let tries = 0; tries < 6; tries++) {
      page = await submitTo(visitor, page, { email, region: "EU" });
      assert.equal(page.status, 503);
    }
    assert.match(page.title, /^Error: /);
    assert.match(page.html, /Region EU does not answer right now\. Choose another one, or try again in a minute\./);
    assert.ok(page.html.includes(`value="${email}"`));
    assert.match(page.html, /value="EU" checked/);

    const asks = await submitTo(visitor, page, { email, region: "US" });
    assert.match(asks.title, /Check your mail/, "no code was counted that was never mailed");
    const almost = await submitTo(visitor, asks, { code: await codeFor(house, email) });
    const portal = await submitTo(visitor, almost, DRAFT);
    assert.match(portal.url, /\/portal\/teams\/[0-9a-f]{24}\?done=welcome$/);
  });

  test(`a region lost on the way sends every form back with its sentence and what was typed (${engine})`, async () => {
    const { place, house, visitor, email } = await openOffice(engine);
    const asks = await askForCode(visitor, email, "EU");
    const code = await codeFor(house, email);
    const other = new Visitor(house);
    const almost = await proveEmail(house, other, newEmail(), "EU");
    await place.lose(house, "EU");

    for (const page of [
      await submitTo(visitor, asks, { code }),
      requirePage(await visitor.send(asks, "/portal/sign-up/resend")),
    ]) {
      assert.equal(page.status, 503);
      assert.match(page.html, /Region EU does not answer, so nothing can be stored there/);
      assert.match(page.html, /name="code"/);
      assert.match(page.html, /href="\/portal\/sign-up">Begin again/);
    }
    const refused = await submitTo(other, almost, DRAFT);
    assert.equal(refused.status, 503);
    assert.match(refused.html, /Region EU does not answer/);
    assert.match(refused.html, /value="Nova"[\s\S]*value="Comer"[\s\S]*value="Comets"/);
    assert.ok(!refused.html.includes(PASSWORD));
  });
}

test("what a region's or the directory's loss cut off is completed by the same form, once", async () => {
  for (const name of ["EU", "directory"]) {
    const { place, house, visitor, email, restore } = await openOffice("postgres");
    const almost = await proveEmail(house, visitor, email, "EU");
    await place.lose(house, name);
    const refused = await submitTo(visitor, almost, DRAFT);
    assert.equal(refused.status, 503, name);
    await restore(name);
    assert.deepEqual(await madeFor(house, email), { accounts: 0, teams: 0 }, name);

    const portal = await submitTo(visitor, refused, DRAFT);
    assert.match(portal.html, /Comets/, name);
    assert.deepEqual(await madeFor(house, email), { accounts: 1, teams: 1 }, name);
  }
});

test("a region that is lost between the team and its sandbox leaves nobody half made: the same form makes the rest", async () => {
  const { place, house, visitor, email, restore } = await openOffice("postgres");
  const almost = await proveEmail(house, visitor, email, "EU");
  const { teams } = house.deps.directory;
  const create = teams.create.bind(teams);
  teams.create = async (...team) => {
    const created = await create(...team);
    await place.lose(house, "EU");
    return created;
  };
  const refused = await submitTo(visitor, almost, DRAFT);
  assert.equal(refused.status, 503);
  teams.create = create;
  await restore("EU");
  assert.equal((await madeFor(house, email)).accounts, 0);

  const portal = await submitTo(visitor, refused, DRAFT);
  const team = new URL(portal.url).pathname;
  assert.match(requirePage(await visitor.go(`${team}/sandbox`)).html, /Your sandbox, EU-/);
  assert.deepEqual(await madeFor(house, email), { accounts: 1, teams: 1 });
});
