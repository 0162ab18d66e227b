import assert from "node:assert/strict";
import { test } from "node:test";
import type { Database } from "../../src/store/database.ts";
import { type Engine, type House, openHouse } from "../support/house.ts";
import { isOfAJob } from "../support/jobs.ts";
import { databasesOf } from "../support/rows.ts";
import { basic, exchange, exchangeOf, loginPath, postForm } from "../support/scene.ts";
import { requireLeft, requirePage, Visitor } from "../support/visitor.ts";
import { signIn, type TestUser, worldOf } from "../support/world.ts";

/** What an operation waits for: round trips to each database, and what they were. */

/** The round trips of one request, in their order. */
interface Trips {
  directory: string[];
  home: string[];
  elsewhere: string[];
}

/** A batch is one round trip, a read too; a transaction is one for BEGIN, one for COMMIT and one for each statement. */
function countTrips(house: House) {
  const requests: Trips[] = [];
  const places = { directory: "directory", EU: "home", US: "elsewhere" } as const;
  for (const [name, db] of databasesOf(house))
    watch(db, (what) => requests.at(-1)?.[places[name as keyof typeof places]].push(what));
  const { fetch } = house;
  house.fetch = (input, options) => {
    requests.push({ directory: [], home: [], elsewhere: [] });
    return fetch(input, options);
  };
  /** What `operation` answers, and the trips of each of its requests: a redirect that is followed is another one. */
  return async <T>(operation: () => Promise<T>): Promise<{ answer: T; trips: Trips[] }> => {
    requests.length = 0;
    return { answer: await operation(), trips: requests.splice(0) };
  };
}

function watch(db: Database, note: (what: string) => void): void {
  const { read, batch, transaction } = db;
  db.read = (sql, params) => {
    if (!isOfAJob(sql)) note("read");
    return read.call(db, sql, params) as ReturnType<typeof db.read<never>>;
  };
  db.batch = (statements) => {
    if (!statements.every(([sql]) => isOfAJob(sql))) note("batch");
    return batch.call(db, statements);
  };
  db.transaction = (work) => {
    note("begin");
    return transaction
      .call(db, (tx) => {
        const run: typeof tx.run = (sql, params) => {
          note("statement");
          return tx.run(sql, params);
        };
        return work({ run });
      })
      .finally(() => note("commit")) as ReturnType<typeof db.transaction<never>>;
  };
}

async function openScene(engine: Engine) {
  const house = await openHouse({ engine });
  const world = worldOf(house);
  const app = await world.registerApp();
  const user = await world.addUser(await world.addInstallation("EU"));
  const { body: credential } = await house.admin("POST", "/api-credentials", { name: "api" });
  const asked = new Visitor(house);
  const consent = requirePage(await signIn(asked, loginPath(app), user));
  const { answer } = requireLeft(await asked.submit(consent, {}, "allow"));
  // The first use of an app's secret in an hour is noted in the directory; that is not part of an exchange.
  const first = await exchange(house, exchangeOf(app, answer.get("code") ?? ""));
  assert.equal(first.status, 200);
  return { house, world, app, user, credential, measure: countTrips(house), token: first.body.access_token as string };
}

const passwordOf = ({ email, password }: TestUser) => ({ email, password });

const scenes = { sqlite: await openScene("sqlite"), postgres: await openScene("postgres") };

for (const [engine, scene] of Object.entries(scenes)) {
  const { house, app, user, credential, measure } = scene;
  const NONE: Trips = { directory: [], home: [], elsewhere: [] };

  test(`a login page asks no database (${engine})`, async () => {
    const { answer, trips } = await measure(() => new Visitor(house).go(loginPath(app)));
    assert.equal(requirePage(answer).status, 200);
    assert.deepEqual(trips, [NONE]);
  });

  test(`a login takes two round trips to the directory and three to its region, from the password to the code (${engine})`, async () => {
    const visitor = new Visitor(house);
    const page = requirePage(await visitor.go(loginPath(app)));
    const { answer, trips } = await measure(() => visitor.submit(page, passwordOf(user)));
    assert.ok(requireLeft(answer).answer.get("code"));
    assert.deepEqual(trips, [{ ...NONE, directory: ["read", "read"], home: ["read", "batch", "batch"] }]);
  });

  test(`a browser that is signed in takes one and three (${engine})`, async () => {
    const visitor = new Visitor(house);
    requireLeft(await signIn(visitor, loginPath(app), user));
    const { answer, trips } = await measure(() => visitor.go(loginPath(app)));
    assert.ok(requireLeft(answer).answer.get("code"));
    assert.deepEqual(trips, [{ ...NONE, directory: ["read"], home: ["read", "read", "batch"] }]);
  });

  test(`consent takes one and three (${engine})`, async () => {
    const visitor = new Visitor(house);
    const page = requirePage(await signIn(visitor, loginPath(await scene.world.registerApp()), user));
    const { answer, trips } = await measure(() => visitor.submit(page, {}, "allow"));
    assert.ok(requireLeft(answer).answer.get("code"));
    assert.deepEqual(trips, [{ ...NONE, directory: ["read"], home: ["read", "read", "batch"] }]);
  });

  test(`a chooser takes one more in each region that it shows, and none of its requests more than a login (${engine})`, async () => {
    const { world } = scene;
    const traveller = await world.addUser(user.installation);
    const abroad = await world.addInstallation("US");
    await world.addUser(abroad, { email: traveller.email, password: undefined });
    const trusted = await world.registerApp({ trusted: true });
    const visitor = new Visitor(house);
    const page = requirePage(await visitor.go(loginPath(trusted)));

    const signedIn = await measure(() => visitor.submit(page, passwordOf(traveller)));
    assert.deepEqual(signedIn.trips, [
      { directory: ["read", "read"], home: ["read", "batch"], elsewhere: ["read"] },
      { directory: ["read"], home: ["read", "read"], elsewhere: ["read"] }, // the page, under an address of its own
    ]);
    const chooser = requirePage(signedIn.answer);
    const chosen = await measure(() => visitor.submit(chooser, {}, `US-${abroad.id}`));
    assert.ok(requireLeft(chosen.answer).answer.get("code"));
    assert.deepEqual(chosen.trips, [{ directory: ["read"], home: ["read", "read"], elsewhere: ["read", "batch"] }]);
  });

  test(`the page that asks for consent costs two and two, with the app's publisher, and the next one less (${engine})`, async () => {
    const visitor = new Visitor(house);
    const fresh = await scene.world.registerApp();
    const form = requirePage(await visitor.go(loginPath(fresh)));
    const { answer, trips } = await measure(() => visitor.submit(form, passwordOf(user)));
    assert.match(requirePage(answer).html, /Allow/);
    assert.deepEqual(trips, [
      { ...NONE, directory: ["read", "read"], home: ["read", "batch"] },
      { ...NONE, directory: ["read", "read"], home: ["read", "read"] },
    ]);
    const again = await measure(() => visitor.go(loginPath(fresh)));
    assert.deepEqual(again.trips, [{ ...NONE, directory: ["read"], home: ["read", "read"] }]);
  });

  test(`a failed login costs what it counts: a write to each (${engine})`, async () => {
    const visitor = new Visitor(house);
    const page = requirePage(await visitor.go(loginPath(app)));
    const { trips } = await measure(() => visitor.submit(page, { email: user.email, password: "wrong" }));
    assert.deepEqual(trips, [{ ...NONE, directory: ["read", "batch"], home: ["read", "batch"] }]);
  });

  test(`an exchange takes one read and one batch in its region, and nothing else (${engine})`, async () => {
    const code = requireLeft(await signIn(new Visitor(house), loginPath(app), user)).answer.get("code") ?? "";
    const { answer, trips } = await measure(() => exchange(house, exchangeOf(app, code)));
    assert.equal(answer.status, 200);
    assert.deepEqual(trips, [{ ...NONE, home: ["read", "batch"] }]);
  });

  test(`a check takes one read in its region, by each door (${engine})`, async () => {
    const headers = { authorization: `Bearer ${scene.token}` };
    const asking = { headers: { authorization: basic(credential.id, credential.secret) } };
    for (const check of [
      () => house.fetch("/launchpad/v1/userinfo.json", { headers }),
      () => house.fetch("/verify", { headers }),
      () => postForm(house, "/oauth2/introspect", { token: scene.token }, asking),
    ]) {
      const { answer, trips } = await measure<{ status: number }>(check);
      assert.equal(answer.status, 200);
      assert.deepEqual(trips, [{ ...NONE, home: ["read"] }]);
    }
  });

  test(`what is no code and no token of ours asks no region (${engine})`, async () => {
    const { trips } = await measure(async () => {
      await exchange(house, exchangeOf(app, "no code"));
      await house.fetch("/launchpad/v1/userinfo.json", { headers: { authorization: "Bearer tkn.v1_no" } });
    });
    assert.deepEqual(trips, [{ ...NONE, directory: ["batch"] }, NONE], "the failure is counted");
  });
}
