import assert from "node:assert/strict";
import { test } from "node:test";
import { loginPath, newPkce, openScene, signedIn } from "../support/scene.ts";
import { requireLeft, requirePage, Visitor } from "../support/visitor.ts";
import { signIn } from "../support/world.ts";

// wire.md section 2, line by line.

const HOUR = 3_600;
const DAY = 24 * HOUR;

const scene = await openScene();
const { house, world, app, user } = scene;
const asking = await world.registerApp({ name: "Asking" });

const isSignedIn = async (visitor: Visitor) => "left" in (await visitor.go(loginPath(app)));

test("the form fields are called what clients and password managers look for", async () => {
  const page = requirePage(await new Visitor(house).go(loginPath(app)));
  assert.match(page.html, /<input [^>]*name="email"[^>]* autocomplete="username"/);
  assert.match(page.html, /<input [^>]*name="password"[^>]* autocomplete="current-password"/);
  assert.equal(page.forms[0]?.method, "post");
});

test("the chooser's buttons are called installation and hold REGION-ID; consent's are called decision", async () => {
  const one = await world.addUser(await world.addInstallation("US"));
  const two = await world.addUser(await world.addInstallation("EU"), { email: one.email });
  const visitor = new Visitor(house);
  const chooser = requirePage(await signIn(visitor, loginPath(asking), one));
  const buttons = chooser.forms.flatMap((form) => form.buttons).filter(({ name }) => name === "installation");
  assert.deepEqual(buttons.map(({ value }) => value).sort(), [
    `EU-${two.installation.id}`,
    `US-${one.installation.id}`,
  ]);

  const consent = requirePage(await visitor.submit(chooser, {}, `EU-${two.installation.id}`));
  const decisions = consent.forms.flatMap((form) => form.buttons).filter(({ name }) => name === "decision");
  assert.deepEqual(
    decisions.map(({ value }) => value),
    ["allow", "deny"],
  );
  assert.match(requireLeft(await visitor.submit(consent, {}, "allow")).answer.get("code") ?? "", /-EU$/);
});

test("a session ends 12 hours after its last use", async () => {
  const visitor = await signedIn(house, world, user);
  for (let uses = 0; uses < 3; uses++) {
    house.passSeconds(12 * HOUR - 1);
    assert.equal(await isSignedIn(visitor), true);
  }
  house.passSeconds(12 * HOUR);
  assert.equal(await isSignedIn(visitor), false);
});

test('with "stay signed in" after 30 days', async () => {
  const visitor = new Visitor(house);
  const page = requirePage(await visitor.go(loginPath(app)));
  requireLeft(await visitor.submit(page, { email: user.email, password: user.password, remember: "1" }));
  house.passSeconds(30 * DAY - 1);
  assert.equal(await isSignedIn(visitor), true);
  house.passSeconds(30 * DAY);
  assert.equal(await isSignedIn(visitor), false);
});

test("and in any case after 90 days", async () => {
  for (const remember of [{}, { remember: "1" }]) {
    const visitor = new Visitor(house);
    const page = requirePage(await visitor.go(loginPath(app)));
    requireLeft(await visitor.submit(page, { email: user.email, password: user.password, ...remember }));
    for (let passed = 0; passed < 90 * DAY - 10 * HOUR; passed += 10 * HOUR) {
      house.passSeconds(10 * HOUR);
      assert.equal(await isSignedIn(visitor), true, `after ${passed / DAY} days`);
    }
    house.passSeconds(10 * HOUR);
    assert.equal(await isSignedIn(visitor), false);
  }
});

test("POST /logout ends it, and is no page to GET", async () => {
  const visitor = await signedIn(house, world, user);
  const out = requirePage(await visitor.post("/logout", {}));
  assert.equal(out.status, 200);
  assert.equal(await isSignedIn(visitor), false);
  const get = await house.fetch("/logout");
  assert.equal(get.status, 405);
  assert.equal(get.headers.get("allow"), "POST");
});

test("consent is asked per app, user and installation, and a refusal is not remembered", async () => {
  const one = await world.addUser(await world.addInstallation("US"));
  const two = await world.addUser(await world.addInstallation("EU"), { email: one.email });
  const visitor = await signedIn(house, world, one);
  const asks = async (installation: number, who = asking) => {
    const visit = await visitor.go(loginPath(who, { installation: String(installation) }));
    return "left" in visit ? undefined : visit;
  };
  const first = await asks(one.installation.id);
  assert.ok(first);
  await visitor.submit(first, {}, "deny");
  const again = await asks(one.installation.id);
  assert.ok(again);
  await visitor.submit(again, {}, "allow");

  assert.equal(await asks(one.installation.id), undefined);
  assert.ok(await asks(two.installation.id), "another installation");
  assert.ok(await asks(one.installation.id, await world.registerApp()), "another app");
});

test("a login that asks for less than was allowed asks nothing, one that asks for more does", async () => {
  const wide = await world.registerApp({ scopes: ["projects", "desk"] });
  const visitor = await signedIn(house, world, user);
  const narrow = requirePage(await visitor.go(loginPath(wide, { scope: "desk" })));
  requireLeft(await visitor.submit(narrow, {}, "allow"));

  requireLeft(await visitor.go(loginPath(wide, { scope: "desk" })));
  const more = requirePage(await visitor.go(loginPath(wide)));
  requireLeft(await visitor.submit(more, {}, "allow"));
  requireLeft(await visitor.go(loginPath(wide)));
  requirePage(await visitor.go(loginPath(wide, { scope: "desk openid" })));
});

test("an app that is not live lets in its test installations only, and tells others access_denied", async () => {
  for (const status of ["development", "submitted", "changes_requested"]) {
    const mine = await world.registerApp({ status, trusted: true, testInstallations: [user.installation.id] });
    assert.ok(requireLeft(await (await signedIn(house, world, user)).go(loginPath(mine))).answer.has("code"), status);
    const stranger = await world.addUser(await world.addInstallation("EU"));
    const visitor = await signedIn(house, world, stranger);
    assert.equal(requireLeft(await visitor.go(loginPath(mine, { state: "s" }))).answer.get("error"), "access_denied");
    await house.admin("PATCH", `/apps/${mine.clientId}`, { status: "live" });
    assert.ok(requireLeft(await visitor.go(loginPath(mine))).answer.has("code"));
  }
});

test("who is disabled in one installation can still go to another, and not by a hint to the first", async () => {
  const one = await world.addUser(await world.addInstallation("US"));
  const two = await world.addUser(await world.addInstallation("EU"), { email: one.email });
  const visitor = await signedIn(house, world, one);
  const path = `/regions/US/installations/${one.installation.id}/users/${one.id}`;
  await house.admin("PATCH", path, { disabled: true });

  const visit = await visitor.go(loginPath(app, { installation: `US-${one.installation.id}` }));

  assert.match(requireLeft(visit).answer.get("code") ?? "", /-EU$/);
  assert.equal(two.email, one.email);
});

test("who is disabled while the consent page is open gets no code", async () => {
  const person = await world.addUser(await world.addInstallation("US"));
  const visitor = await signedIn(house, world, person);
  const consent = requirePage(await visitor.go(loginPath(asking)));
  const path = `/regions/US/installations/${person.installation.id}/users/${person.id}`;
  await house.admin("PATCH", path, { disabled: true });

  const visit = await visitor.submit(consent, {}, "allow");

  assert.ok("left" in visit ? !visit.answer.has("code") : true);
});

test("a form may be sent twice: both times it leads on", async () => {
  const visitor = new Visitor(house);
  const page = requirePage(await visitor.go(loginPath(app)));
  const fill = { email: user.email, password: user.password };
  const [one, two] = await Promise.all([visitor.submit(page, fill), visitor.submit(page, fill)]);
  assert.ok(requireLeft(one).answer.has("code") && requireLeft(two).answer.has("code"));
});

test("a public app on the web asks no confirmation once consent was given", async () => {
  const web = await world.registerApp({ kind: "public" });
  const visitor = await signedIn(house, world, user);
  const path = loginPath(web, newPkce().parameters);
  requireLeft(await visitor.submit(requirePage(await visitor.go(path)), {}, "allow"));
  requireLeft(await visitor.go(path));
});

test("wherever a form is filled in wrongly what was typed is kept, but never the password", async () => {
  const visitor = new Visitor(house);
  const page = requirePage(await visitor.go(loginPath(app)));
  for (const fill of [
    { email: user.email, password: "" },
    { email: user.email, password: "wrong secret" },
    { email: "", password: "wrong secret" },
  ]) {
    const again = requirePage(await visitor.submit(page, fill));
    assert.equal(again.status, 422);
    assert.match(again.title, /^Error:/);
    assert.ok(again.html.includes(`value="${fill.email}"`));
    assert.ok(!again.html.includes("wrong secret"));
    assert.match(again.html, /role="alert"/);
  }
});
