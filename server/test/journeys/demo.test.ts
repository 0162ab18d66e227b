import assert from "node:assert/strict";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Deps } from "../../src/deps.ts";
import { seedDemo } from "../../src/domain/demo/seed.ts";
import { startText } from "../../src/start-text.ts";
import { demoAppOf, demoUserOf, openDemoHouse, requireDemo } from "../support/demo.ts";
import { type House, openHouse } from "../support/house.ts";
import { answerOf } from "../support/scene.ts";
import { requirePage, Visitor } from "../support/visitor.ts";
import { obtainToken, signIn } from "../support/world.ts";

const fileOf = (house: House) => join(house.config.dataDirectory, "demo.json");

/** What the operator sees of the demo, without what changes by itself. */
async function worldIn(house: House) {
  const items = async (path: string) => (await house.admin("GET", `${path}?limit=200`)).body.items;
  const regions: Record<string, unknown> = {};
  for (const region of ["US", "EU"]) {
    const places = [];
    for (const { id, name, apiEndPoint } of await items(`/regions/${region}/installations`)) {
      const users: { email: string }[] = await items(`/regions/${region}/installations/${id}/users`);
      places.push({ id, name, apiEndPoint, users: users.map(({ email }) => email) });
    }
    regions[region] = places;
  }
  const apps: { name: string }[] = await items("/apps");
  // The portal is an app of the house itself, demo or not.
  const names = apps.map(({ name }) => name).filter((name) => name !== "Developer Portal");
  return { apps: names, regions };
}

const call = async (house: House, path: string, token?: string) =>
  answerOf(await house.fetch(path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }));

test("the demo is a company in each region, its people, one person in both, and an app, and demo.json tells of it", async () => {
  const { house, demo } = await openDemoHouse();
  const { url } = house.config;
  const world = await worldIn(house);
  assert.deepEqual(world, {
    apps: ["Demo app"],
    regions: {
      US: [
        {
          id: 1,
          name: "Acme",
          apiEndPoint: `${url}/demo/US/1/`,
          users: ["dana@acme.example.com", "alex@acme.example.com", "sam@both.example.com"],
        },
      ],
      EU: [
        {
          id: 2,
          name: "Globex",
          apiEndPoint: `${url}/demo/EU/2/`,
          users: ["noor@globex.example.com", "sam@both.example.com"],
        },
      ],
    },
  });
  assert.deepEqual(JSON.parse(readFileSync(fileOf(house), "utf8")), demo);
  assert.equal(statSync(fileOf(house)).mode & 0o777, 0o600);
  assert.ok(demo.apps[0].redirectUris.includes(`${url}/demo/app/callback`));
  assert.deepEqual(demo.users.find(({ email }) => email.startsWith("sam@"))?.installations, ["US-1", "EU-2"]);
  for (const { password } of demo.users) assert.ok(password.length >= 12);
});

test("every login of demo.json works, in each of its installations, and its token opens the demo API there", async () => {
  const { house, demo } = await openDemoHouse();
  for (const { email, installations } of demo.users)
    for (const installation of installations) {
      const grant = await obtainToken(house, demoAppOf(house, demo), demoUserOf(demo, email, installation));
      const { region, id, apiEndPoint } = grant.installation;
      assert.equal(`${region}-${id}`, installation);
      const { status, body } = await call(house, `${apiEndPoint}me.json`, grant.access_token);
      assert.equal(status, 200);
      assert.equal(body.person.email, email);
      assert.equal(body.person.id, grant.user.id);
    }
});

test("a second start finds the demo and changes nothing of it", async () => {
  const { house, demo } = await openDemoHouse();
  const before = await worldIn(house);
  const audit = (await house.admin("GET", "/audit?limit=200")).body.items.length;
  assert.deepEqual(await requireDemo(house), demo);
  assert.deepEqual(await worldIn(house), before);
  assert.equal((await house.admin("GET", "/audit?limit=200")).body.items.length, audit);
});

test("a start that is cut off anywhere is completed by the next ones, and nothing is there twice", async () => {
  for (const lost of ["request", "answer"] as const) {
    const house = await openHouse({ settings: { LATCHKEY_DEMO: "on" } });
    for (let calls = 1; ; calls++) {
      const demo = await seedDemo(failingAfter(house.deps, calls, lost));
      if (demo?.installations.length === 2) break;
    }
    const { house: whole } = await openDemoHouse();
    const numberless = (text: string) => text.replaceAll(/"id":\d+|demo\/[A-Z]+\/\d+/g, "");
    assert.equal(numberless(JSON.stringify(await worldIn(house))), numberless(JSON.stringify(await worldIn(whole))));
    const demo = await requireDemo(house);
    assert.equal(house.deps.apps.find(demo.apps[0].clientId)?.secrets.length, 1);
    await obtainToken(house, demoAppOf(house, demo), demoUserOf(demo, "sam@both.example.com"));
  }
});

test("when demo.json is lost or spoilt the app gets a new secret, and the lost one opens nothing any more", async () => {
  const { house, demo: first } = await openDemoHouse();
  const user = demoUserOf(first, "dana@acme.example.com");
  let lost = first;
  for (const spoil of [rmSync, (file: string) => writeFileSync(file, '{"apps":[{"clientId":1}]}')]) {
    spoil(fileOf(house));
    const demo = await requireDemo(house);
    assert.equal(demo.apps[0].clientId, first.apps[0].clientId);
    assert.notEqual(demo.apps[0].clientSecret, lost.apps[0].clientSecret);
    await obtainToken(house, demoAppOf(house, demo), user);
    await assert.rejects(obtainToken(house, demoAppOf(house, lost), user), { code: "invalid_client" });
    lost = demo;
  }
  assert.equal((await worldIn(house)).apps.length, 1);
});

test("what a developer adds to the demo app or changes in its world stays", async () => {
  const { house, demo } = await openDemoHouse();
  const { clientId, redirectUris } = demo.apps[0];
  const own = await house.admin("POST", `/apps/${clientId}/secrets`, { name: "laptop" });
  await house.admin("PATCH", `/apps/${clientId}`, { redirectUris: [...redirectUris, "https://my.example.com/cb"] });
  await house.admin("PATCH", "/regions/US/installations/1", { name: "My company", url: "https://mine.example.com/" });
  rmSync(fileOf(house));
  const again = await requireDemo(house);
  assert.deepEqual(again.apps[0].redirectUris, [...redirectUris, "https://my.example.com/cb"]);
  assert.deepEqual(
    again.installations.map(({ installation, name }) => `${installation} ${name}`),
    ["US-1 My company", "EU-2 Globex"],
  );
  const app = demoAppOf(house, { ...again, apps: [{ ...again.apps[0], clientSecret: own.body.clientSecret }] });
  await obtainToken(house, app, demoUserOf(again, "dana@acme.example.com"));
});

test("the demo follows LATCHKEY_URL", async () => {
  const { house } = await openDemoHouse();
  const url = "https://login.example.com";
  const moved = await seedDemo({ ...house.deps, config: { ...house.config, url } });
  assert.deepEqual(
    moved?.installations.map(({ apiEndPoint }) => apiEndPoint),
    [`${url}/demo/US/1/`, `${url}/demo/EU/2/`],
  );
  const callbacks = moved?.apps[0].redirectUris.filter((uri) => uri.endsWith("/demo/app/callback"));
  assert.deepEqual(callbacks, [`${url}/demo/app/callback`]);
  assert.equal((await worldIn(house)).apps.length, 1);
});

test("the demo API answers the installation's own tokens, also after a doubled slash", async () => {
  const { house, demo } = await openDemoHouse();
  const grant = await obtainToken(house, demoAppOf(house, demo), demoUserOf(demo, "sam@both.example.com", "EU-2"));
  const token = grant.access_token;
  for (const slash of ["", "/"]) {
    const me = await call(house, `/demo/EU/2/${slash}me.json`, token);
    assert.equal(me.status, 200);
    assert.deepEqual(me.body.scopes, ["projects", "desk"]);
    const account = await call(house, `/demo/EU/2/${slash}account.json`, token);
    assert.equal(account.status, 200);
    assert.equal(account.body.account.name, "Globex");
    assert.equal(account.body.account.region, "EU");
    assert.equal(account.headers.get("cache-control"), "no-store");
  }
});

test("the demo API refuses no token and a bad one with 401, another installation's with 403 (RFC 6750 §3.1)", async () => {
  const { house, demo } = await openDemoHouse();
  const { client, ...app } = demoAppOf(house, demo);
  const { access_token } = await obtainToken(house, { client, ...app }, demoUserOf(demo, "dana@acme.example.com"));

  const absent = await call(house, "/demo/US/1/me.json");
  assert.equal(absent.status, 401);
  assert.equal(absent.headers.get("www-authenticate"), 'Bearer realm="Latchkey"');
  for (const path of ["/demo/EU/2/me.json", "/demo/EU/1/me.json", "/demo/US/2//account.json", "/demo/XX/9/me.json"]) {
    const foreign = await call(house, path, access_token);
    assert.equal(foreign.status, 403, path);
    assert.match(foreign.headers.get("www-authenticate") ?? "", /error="insufficient_scope"/);
    assert.doesNotMatch(JSON.stringify(foreign.body), /dana|Globex/);
  }
  for (const path of ["/demo/US/01/me.json", "/demo/us/1/me.json", "/demo/US/1/other.json", "/demo/US/1/"])
    assert.equal((await call(house, path, access_token)).status, 404, path);

  await client.revoke(access_token);
  const revoked = await call(house, "/demo/US/1/me.json", access_token);
  assert.equal(revoked.status, 401);
  assert.match(revoked.headers.get("www-authenticate") ?? "", /error="invalid_token"/);
});

test("without LATCHKEY_DEMO there is no demo: nothing is made, and all of /demo is 404", async () => {
  const house = await openHouse();
  assert.equal(await seedDemo(house.deps), undefined);
  assert.deepEqual(await worldIn(house), { apps: [], regions: { US: [], EU: [] } });
  for (const path of [
    "/demo/app",
    "/demo/app/login",
    "/demo/app/callback?code=1&state=2",
    "/demo/US/1/me.json",
    "/demo",
  ])
    assert.equal((await house.fetch(path)).status, 404, path);
  assert.equal((await house.fetch("/demo/app/exchange", { method: "POST" })).status, 404);
});

test("the console names every address, the logins and demo.json, and no other secret", async () => {
  const { house, demo } = await openDemoHouse();
  const text = startText(house.config, 4400, demo);
  for (const told of [
    "/launchpad/login",
    "/demo/app",
    "/portal",
    "/dev/outbox",
    "/admin/v1",
    fileOf(house),
    demo.apps[0].clientId,
  ])
    assert.ok(text.includes(told), told);
  for (const { email, password } of demo.users) assert.match(text, new RegExp(`${email}\\s+${password}`));
  assert.ok(text.trim().split("\n").length <= 25);
  for (const secret of [demo.apps[0].clientSecret, house.config.adminToken]) assert.ok(!text.includes(secret));
  assert.ok(house.logLines.every((line) => !line.includes("@") && !line.includes(demo.apps[0].clientSecret)));
});

/** The same deps, whose stores fail for good after so many calls: before the last one is made, or before it is answered. */
function failingAfter(deps: Deps, calls: number, lost: "request" | "answer"): Deps {
  let left = calls;
  const failing = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name, receiver) {
        const member = Reflect.get(object, name, receiver);
        if (typeof member === "object" && member !== null) return failing(member);
        if (typeof member !== "function") return member;
        return async (...args: unknown[]) => {
          left--;
          if (left < 0 || (left === 0 && lost === "request")) throw new Error("cut off");
          const result = await member.apply(object, args);
          if (left === 0) throw new Error("cut off");
          return result;
        };
      },
    });
  return {
    ...deps,
    directory: failing(deps.directory),
    regions: {
      ...deps.regions,
      all: deps.regions.all.map((region) => ({ ...region, store: failing(region.store) })),
      require: (name) => {
        const region = deps.regions.require(name);
        return { ...region, store: failing(region.store) };
      },
    },
  };
}

test("one of its people may use the operator's pages, and loses that where the demo is over", async () => {
  const { house, demo } = await openDemoHouse();
  const visitor = new Visitor(house);
  const page = requirePage(await signIn(visitor, "/operator", demoUserOf(demo, "alex@acme.example.com")));
  assert.match(page.html, /Databases/);
  const other = new Visitor(house);
  assert.equal(requirePage(await signIn(other, "/operator", demoUserOf(demo, "dana@acme.example.com"))).status, 404);
  await seedDemo({ ...house.deps, config: { ...house.config, demo: false } });
  assert.equal(requirePage(await visitor.go("/operator")).status, 404);
});
