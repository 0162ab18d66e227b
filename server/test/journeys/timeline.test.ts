import assert from "node:assert/strict";
import { test } from "node:test";
import { errorsOf, eventsOf, hoursOf, loginOf, milestonesOf } from "../../src/domain/timeline/read-timeline.ts";
import { openHouse } from "../support/house.ts";
import { loginPath } from "../support/scene.ts";
import { requireLeft, requirePage, Visitor } from "../support/visitor.ts";
import { logIn, signIn, worldOf } from "../support/world.ts";

async function openScene() {
  const house = await openHouse();
  const world = worldOf(house);
  const app = await world.registerApp();
  const user = await world.addUser(await world.addInstallation("EU"));
  const read = async (filter: { outcome?: string; region?: string } = {}) => {
    await house.deps.timeline.flush();
    const all = {
      clientId: app.clientId,
      from: 0,
      until: 2 ** 40,
      outcome: "",
      installationId: 0,
      region: "",
      ...filter,
    };
    return (await eventsOf(house.deps, all, 100)).items;
  };
  return { house, world, app, user, read };
}

test("a login leaves a timeline of its steps, and its exchange belongs to it", async () => {
  const { house, app, user, read } = await openScene();

  await app.client.exchangeCode(await logIn(house, app, user));

  const [exchange] = await read();
  assert.equal(exchange?.step, "exchange");
  const { items } = await loginOf(house.deps, app.clientId, exchange?.loginId ?? "");
  assert.deepEqual(
    items.map(({ step, outcome }) => `${step} ${outcome}`),
    ["start ok", "page ok", "sign_in ok", "page ok", "consent ok", "code ok", "exchange ok"],
  );
  assert.equal(exchange?.region, "EU");
  assert.equal(exchange?.installationId, user.installation.id);
});

test("what went wrong is told with its error, and grouped", async () => {
  const { house, app, user, read } = await openScene();
  const visitor = new Visitor(house);
  const start = `/launchpad/login?client_id=${app.clientId}&redirect_uri=`;
  await visitor.go(`${start}${encodeURIComponent("https://app.example.com/callbakc?code=hunter2")}`);
  await signIn(visitor, start + encodeURIComponent(app.redirectUri), { email: user.email, password: "wrong" });
  const code = await logIn(house, app, user);
  await app.client.exchangeCode(code);
  await assert.rejects(app.client.exchangeCode(code));

  const failed = await read({ outcome: "errors" });

  assert.deepEqual(
    new Set(failed.map(({ step, outcome }) => `${step} ${outcome}`)),
    new Set(["start redirect_uri_not_registered", "sign_in wrong_credentials", "exchange invalid_grant"]),
  );
  assert.ok(!JSON.stringify(failed).includes("hunter2"), "queries stay out");
  const { items } = await errorsOf(house.deps, app.clientId, 0);
  assert.equal(items.find(({ outcome }) => outcome === "redirect_uri_not_registered")?.count, 1);
});

test("nothing personal is in a timeline, and another app's code tells nothing of its login", async () => {
  const { house, world, app, user, read } = await openScene();
  const other = await world.registerApp();
  const code = await logIn(house, app, user);
  await assert.rejects(other.client.exchangeCode(code));
  await house.deps.timeline.flush();

  const everything = JSON.stringify(await read());
  for (const personal of [user.email, "Dana", "Lee", "192.0.2.1"]) assert.ok(!everything.includes(personal), personal);
  const strange = await eventsOf(
    house.deps,
    { clientId: other.clientId, from: 0, until: 2 ** 40, outcome: "", installationId: 0, region: "" },
    10,
  );
  assert.deepEqual(
    strange.items
      .filter(({ step }) => step === "exchange")
      .map(({ loginId, installationId }) => [loginId, installationId]),
    [["", null]],
  );
});

test("hours count what charts show", async () => {
  const { house, app, user } = await openScene();
  const visitor = new Visitor(house);
  for (let times = 0; times < 3; times++) await app.client.exchangeCode(await logIn(house, app, user, {}, visitor));
  await house.deps.timeline.flush();

  const { items } = await hoursOf(house.deps, app.clientId, 0, 2 ** 40);
  const sum = (metric: string) =>
    items.filter((hour) => hour.metric === metric).reduce((all, { amount }) => all + amount, 0);
  assert.deepEqual([sum("started"), sum("finished"), sum("exchanged")], [3, 3, 3]);
  const durations = items.filter(({ metric }) => metric.startsWith("exchange_ms:"));
  assert.equal(
    durations.reduce((all, { amount }) => all + amount, 0),
    3,
  );
  assert.ok((await milestonesOf(house.deps, app.clientId)).has("exchange"));
});

test("events older than 30 days are cleaned up", async () => {
  const { house, app, user, read } = await openScene();
  const { cleanUp } = await import("../../src/domain/housekeeping.ts");
  await app.client.exchangeCode(await logIn(house, app, user));
  assert.ok((await read()).length > 0);

  house.passSeconds(30 * 24 * 3_600 + 1);
  await cleanUp(house.deps);

  assert.deepEqual(await read(), []);
});

test("an app's developer never waits for the timeline, and a full one drops what is new", async () => {
  const { house, app, read } = await openScene();
  for (let number = 0; number < 6_000; number++)
    house.deps.timeline.note({
      clientId: app.clientId,
      loginId: "x",
      step: "start",
      outcome: "ok",
      requestId: `r${number}`,
    });

  assert.equal((await read()).length, 100);
  assert.ok(house.logLines.some((line) => line.includes("dropped")));
});

test("a flush waits for what a read has still to tell", async () => {
  const { house, app, read } = await openScene();
  const known = Promise.withResolvers<void>();
  house.deps.timeline.noteLater(
    known.promise.then(() => ({
      clientId: app.clientId,
      loginId: "",
      step: "exchange",
      outcome: "late",
      requestId: "r1",
    })),
  );

  const reading = read(); // flushes first
  setTimeout(known.resolve, 50);

  assert.ok((await reading).some(({ outcome }) => outcome === "late"));
});

test("an event that cannot be told takes no other with it", async () => {
  const { house, app, read } = await openScene();
  house.deps.timeline.noteLater(Promise.reject(new Error("a bug")));
  await read();

  house.deps.timeline.note({ clientId: app.clientId, loginId: "", step: "start", outcome: "ok", requestId: "r2" });

  assert.deepEqual(
    (await read()).map(({ requestId }) => requestId),
    ["r2"],
  );
  assert.ok(house.logLines.some((line) => line.includes("an event of the timeline is lost")));
});

test("a step is in a region once its user has come so far, and in none before", async () => {
  const { house, app, user, read } = await openScene();
  await app.client.exchangeCode(await logIn(house, app, user));
  const place = `EU-${user.installation.id}`;

  const told = (await read()).map(({ step, region, installationId }) => [step, installationId === 0 ? "" : region]);
  assert.deepEqual(told.toReversed().slice(0, 3), [
    ["start", ""],
    ["page", ""],
    ["sign_in", ""],
  ]);
  for (const step of ["consent", "code", "exchange"])
    assert.ok(
      told.some(([name, region]) => name === step && region === "EU"),
      step,
    );
  const ofEu = (await read({ region: "EU" })).map(({ region, installationId }) => `${region}-${installationId}`);
  assert.deepEqual(new Set(ofEu), new Set([place]));
  assert.deepEqual(await read({ region: "US" }), []);
});

test("whose user says no is told of one error, and it is the user's", async () => {
  const { house, app, user, read } = await openScene();
  const visitor = new Visitor(house);
  const login = loginPath(app);
  const consent = requirePage(await signIn(visitor, login, user));
  requireLeft(await visitor.submit(consent, {}, "deny"));

  assert.deepEqual(
    (await read({ outcome: "errors" })).map(({ step, outcome }) => [step, outcome]),
    [["consent", "access_denied"]],
  );
});

test("one address fills nobody's log: what it begins beyond 300 logins in a minute is only counted", async () => {
  const { house, app } = await openScene();
  const strangers = [
    new Visitor(house, { from: "203.0.113.9" }),
    new Visitor(house, { from: "203.0.113.10" }),
  ] as const;
  const wrong = `/launchpad/login?${new URLSearchParams({ client_id: app.clientId, redirect_uri: "https://wrong.example/" })}`;
  for (let times = 0; times < 310; times++) await strangers[0].go(wrong);
  await strangers[1].go(wrong);
  await house.deps.timeline.flush();

  const [group] = (await errorsOf(house.deps, app.clientId, 0)).items;
  assert.equal(group?.count, 301);
  const { items } = await hoursOf(house.deps, app.clientId, 0, 2 ** 40);
  assert.equal(
    items.reduce((sum, { amount }) => sum + amount, 0),
    311,
  );
});

test("a page of an unknown app leaves no trace", async () => {
  const { house } = await openScene();
  requirePage(await new Visitor(house).go("/launchpad/login?client_id=unknown&redirect_uri=https://a.example/"));
  await house.deps.timeline.flush();

  for (const region of house.deps.regions.all)
    assert.deepEqual(await region.store.loginEvents.ofLogin("unknown", ""), []);
});
