import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { copyDirectory } from "../../src/domain/regions/directory-copy.ts";
import { startFailingPlaces } from "../support/failing-places.ts";
import { openFailingWorld, readinessOf } from "../support/failing-world.ts";
import { ENGINES, type Engine, type House, openHouse } from "../support/house.ts";
import { exchange, exchangeOf, isActive, loginPath, postForm } from "../support/scene.ts";
import { requireLeft, requirePage, Visitor } from "../support/visitor.ts";
import { obtainToken, signIn, type TestApp, type TestUser } from "../support/world.ts";

const failingPlace = await startFailingPlaces();
const DAY = 24 * 3_600;

async function openWorld(engine: Engine) {
  const opened = await openFailingWorld(await failingPlace(engine));
  return { ...opened, readiness: (of: House = opened.house) => readinessOf(of) };
}

async function codeOf(house: House, app: TestApp, user: TestUser): Promise<string> {
  const { answer } = requireLeft(await signIn(new Visitor(house), loginPath(app), user));
  return answer.get("code") ?? "";
}

for (const engine of ENGINES) {
  test(`logins, exchanges and checks go on without the directory (${engine})`, async () => {
    const { place, house, american, european, both, app, readiness } = await openWorld(engine);
    const before = await obtainToken(house, app, american);
    await place.lose(house, "directory");

    for (const user of [american, european]) {
      const token = await obtainToken(house, app, user);
      assert.equal(token.installation.region, user.installation.region);
      assert.ok(await isActive(house, token.access_token));
    }
    assert.ok(await isActive(house, before.access_token));
    const chooser = requirePage(await signIn(new Visitor(house), loginPath(app), both));
    assert.match(chooser.html, /Acme US/);
    assert.match(chooser.html, /Acme EU/);
    assert.doesNotMatch(chooser.html, /does not answer/);
    assert.equal((await exchange(house, exchangeOf(app, "no-code"))).body.error, "invalid_grant");
    const { status, body } = await readiness();
    assert.deepEqual([status, body.directory], [200, "down"]);
    assert.deepEqual(
      body.regions.map(({ state }: { state: string }) => state),
      ["up", "up"],
    );
  });

  test(`what must be written to the directory says that it cannot be (${engine})`, async () => {
    const { place, house } = await openWorld(engine);
    await place.lose(house, "directory");
    const refused = await house.admin("POST", "/apps", { name: "New", redirectUris: ["https://new.example.com/"] });
    assert.equal(refused.status, 503);
    assert.match(refused.body.detail, /directory cannot be reached/);
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
  });

  test(`an app that was registered just before the directory is lost is told as registered, with its secret (${engine})`, async () => {
    const { place, house } = await openWorld(engine);
    const { apps } = house.deps.directory;
    const { register } = apps;
    apps.register = async (...app) => {
      const registered = await register(...app);
      await place.lose(house, "directory");
      return registered;
    };
    const made = await house.admin("POST", "/apps", { name: "New", redirectUris: ["https://new.example.com/"] });
    assert.equal(made.status, 201);
    assert.ok(made.body.clientSecret);
    await house.close();
    place.restore?.("directory");
    const other = await openHouse(place.options);
    assert.equal(other.deps.apps.find(made.body.clientId)?.secrets.length, 1);
  });

  test(`without the directory an account allows ten failures, in whatever region, and none looks different (${engine})`, async () => {
    const { place, house, american, european, app } = await openWorld(engine);
    await place.lose(house, "directory");
    const attempt = async (email: string, password: string) => {
      const visitor = new Visitor(house);
      const answer = requirePage(
        await visitor.submit(requirePage(await visitor.go(loginPath(app))), { email, password }),
      );
      const html = answer.html
        .replace(/required value="[^"]*"/, "required EMAIL")
        .replace(/(name="request" value=|request=)"?[\w-]+/g, "REQUEST");
      return { status: answer.status, html };
    };
    const emails = [american.email, european.email, "nobody1@example.com", "nobody2@example.com"];
    for (let tries = 0; tries < 10; tries++) {
      const [first, ...others] = await Promise.all(emails.map((email) => attempt(email, "wrong")));
      assert.equal(first?.status, 422);
      for (const other of others) assert.deepEqual(other, first);
    }
    const [first, ...others] = await Promise.all(emails.map((email) => attempt(email, american.password)));
    assert.equal(first?.status, 429, "also with the right password");
    for (const other of others) assert.deepEqual(other, first);
  });

  test(`with a region down too, who lives elsewhere signs in, and nobody else learns who does (${engine})`, async () => {
    const { place, house, american, european, app } = await openWorld(engine);
    await place.lose(house, "directory");
    await place.lose(house, "EU");
    const page = requirePage(await signIn(new Visitor(house), loginPath(app), american));
    assert.match(page.html, /Acme US/);
    assert.match(page.html, /EU does not answer/);
    for (const email of [american.email, european.email, "nobody1@example.com", "nobody2@example.com"]) {
      const refused = requirePage(await signIn(new Visitor(house), loginPath(app), { email, password: "wrong" }));
      assert.equal(refused.status, 503, email);
    }
  });

  test(`a forgotten password is mailed without the directory (${engine})`, async () => {
    const { place, house, european } = await openWorld(engine);
    await place.lose(house, "directory");
    const visitor = new Visitor(house);
    const form = requirePage(await visitor.go("/login/forgot-password"));
    const sent = requirePage(await visitor.submit(form, { email: european.email }));
    assert.equal(sent.status, 200);
    const unknown = requirePage(await visitor.submit(form, { email: "nobody@example.com" }));
    assert.equal(unknown.status, 200);
  });

  test(`a server that starts without the directory goes by a region's copy, and follows the directory when it is back (${engine})`, async () => {
    const { place, house, world, european, american, app, readiness } = await openWorld(engine);
    const guard = await house.admin("POST", "/api-credentials", { name: "api" });
    const gone = await world.registerApp({ name: "Gone" });
    await house.deps.apps.catchUp();
    await copyDirectory(house.deps);
    await house.admin("DELETE", `/apps/${gone.clientId}`);
    const late = await world.registerApp({ name: "Late", trusted: true });
    await house.deps.apps.catchUp();
    house.passSeconds(60);
    await copyDirectory(house.deps);
    const { jwks } = house.deps.signer;
    await house.close();
    place.hideDirectory();

    const cold = await openHouse(place.options);
    assert.deepEqual((await readiness(cold)).status, 200);
    assert.equal((await readiness(cold)).body.directory, "down");
    for (const user of [american, european]) {
      const answer = await exchange(cold, exchangeOf(app, await codeOf(cold, app, user)));
      assert.equal(answer.status, 200);
      const { id, secret } = guard.body;
      const check = await postForm(
        cold,
        "/oauth2/introspect",
        { token: answer.body.access_token },
        {
          headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` },
        },
      );
      assert.equal(check.body.active, true);
    }
    assert.deepEqual(cold.deps.signer.jwks, jwks);
    assert.equal(cold.deps.apps.find(gone.clientId), undefined, "what was deleted is deleted in the copy");
    assert.equal(cold.deps.apps.find(late.clientId)?.name, "Late");

    place.showDirectory();
    while ((await readiness(cold)).body.directory !== "up") await delay(50);
    while (!cold.deps.apps.isFresh()) await delay(50);
    assert.equal(
      (await cold.admin("POST", "/apps", { name: "New", redirectUris: ["https://new.example.com/"] })).status,
      201,
    );
  });

  test(`a copy older than a day starts nothing: the server waits for the directory (${engine})`, async () => {
    const { place, house, american, app, readiness } = await openWorld(engine);
    await house.deps.apps.catchUp();
    await copyDirectory(house.deps);
    for (const { store, now } of house.deps.regions.all) {
      const { seq } = await store.directoryCopy.state();
      await store.directoryCopy.claim("test", now() + 1, now() + 1);
      await store.directoryCopy.finish("test", { seq, takenAt: now() - DAY - 60 });
    }
    await house.close();
    place.hideDirectory();

    const cold = await openHouse(place.options);
    assert.equal((await readiness(cold)).status, 503);
    assert.equal((await cold.fetch(loginPath(app))).status, 503);
    assert.equal((await exchange(cold, exchangeOf(app, "no-code"))).status, 503);
    place.showDirectory();
    while ((await readiness(cold)).status !== 200) await delay(50);
    assert.equal((await exchange(cold, exchangeOf(app, await codeOf(cold, app, american)))).status, 200);
  });

  test(`without the directory and any copy there is nothing to start with (${engine})`, async () => {
    const { place, house } = await openWorld(engine);
    await house.close();
    place.hideDirectory();
    await assert.rejects(openHouse(place.options), {
      name: "DatabaseUnavailable",
      database: "directory",
    });
  });
}
