import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../support/house.ts";
import { requireLeft, requirePage, Visitor } from "../support/visitor.ts";
import { logIn, obtainToken, signIn, worldOf } from "../support/world.ts";

test("the five steps lead from a login address to a bearer that the company's API knows", async () => {
  const house = await openHouse();
  const world = worldOf(house);
  const installation = await world.addInstallation("EU", {
    name: "Acme",
    apiEndPoint: "https://api.acme.example.com/v1",
  });
  const user = await world.addUser(installation, { company: { name: "Acme Inc" } });
  const app = await world.registerApp({ scopes: ["projects", "desk"] });
  const guard = await world.addGuard();

  const token = await obtainToken(house, app, user);

  assert.match(token.access_token, /^tkn\.v1_/);
  assert.equal(token.token_type, "Bearer");
  assert.equal(token.scope, "projects desk");
  assert.equal(token.installation.apiEndPoint, "https://api.acme.example.com/v1/");
  assert.equal(token.installation.region, "EU");
  assert.equal(token.user.email, user.email);
  assert.equal(token.user.company.name, "Acme Inc");
  assert.equal("expires_in" in token, false);
  assert.deepEqual(await guard(`Bearer ${token.access_token}`), {
    region: "EU",
    installationId: installation.id,
    userId: user.id,
    clientId: app.clientId,
    scopes: ["projects", "desk"],
  });
});

test("a second login in the same browser asks nothing and gives another code", async () => {
  const house = await openHouse();
  const world = worldOf(house);
  const app = await world.registerApp();
  const user = await world.addUser(await world.addInstallation());
  const visitor = new Visitor(house);
  const first = await logIn(house, app, user, {}, visitor);

  const { url, ...expected } = await app.client.startLogin();
  const again = requireLeft(await visitor.go(url.slice(house.config.url.length)));

  const second = app.client.readCallback(again.left, expected);
  assert.notEqual(second.code, first.code);
});

test("a person with installations in two regions chooses, and the code names the region chosen", async () => {
  const house = await openHouse();
  const world = worldOf(house);
  const app = await world.registerApp();
  const american = await world.addUser(await world.addInstallation("US"));
  const inEurope = await world.addUser(await world.addInstallation("EU"), { email: american.email });
  const visitor = new Visitor(house);
  const { url } = await app.client.startLogin();

  const chooser = requirePage(await signIn(visitor, url.slice(house.config.url.length), american));

  assert.match(chooser.title, /Choose an installation/);
  const { code } = await logIn(house, app, inEurope);
  assert.match(code, /-EU$/);
});

test("the installation hint skips the chooser for whoever belongs to it, and only for them", async () => {
  const house = await openHouse();
  const world = worldOf(house);
  const app = await world.registerApp({ trusted: true });
  const one = await world.addUser(await world.addInstallation("US"));
  const two = await world.addUser(await world.addInstallation("EU"), { email: one.email });
  const foreign = await world.addInstallation("EU");
  const start = async (installation: string) => {
    const { url } = await app.client.startLogin({ installation });
    return signIn(new Visitor(house), url.slice(house.config.url.length), one);
  };

  assert.match(requireLeft(await start(`EU-${two.installation.id}`)).answer.get("code") ?? "", /-EU$/);
  assert.match(requireLeft(await start(String(one.installation.id))).answer.get("code") ?? "", /-US$/);
  assert.match(requirePage(await start(`EU-${foreign.id}`)).title, /Choose/);
  assert.match(requirePage(await start("nonsense")).title, /Choose/);
});

test("who refuses goes back to the app with access_denied and the state", async () => {
  const house = await openHouse();
  const world = worldOf(house);
  const app = await world.registerApp();
  const user = await world.addUser(await world.addInstallation());
  const visitor = new Visitor(house);
  const path = `/launchpad/login?client_id=${app.clientId}&redirect_uri=${encodeURIComponent(app.redirectUri)}&state=a%2fb+c`;

  const consent = requirePage(await signIn(visitor, path, user));
  const { left, answer } = requireLeft(await visitor.submit(consent, {}, "deny"));

  assert.ok(left.startsWith(`${app.redirectUri}?error=access_denied&`));
  assert.ok(left.includes("&state=a%2fb+c&"), "byte for byte");
  assert.equal(answer.get("client_id"), app.clientId);
  assert.equal(answer.get("iss"), house.config.url);
  assert.equal(answer.has("code"), false);
});

test("consent is asked once, and again when the app's scopes grow", async () => {
  const house = await openHouse();
  const world = worldOf(house);
  const app = await world.registerApp();
  const user = await world.addUser(await world.addInstallation());
  const visitor = new Visitor(house);
  const path = `/launchpad/login?client_id=${app.clientId}&redirect_uri=${encodeURIComponent(app.redirectUri)}`;
  const consent = requirePage(await signIn(visitor, path, user));
  assert.match(consent.html, /name="decision"/);
  assert.doesNotMatch(consent.html, /asks for more now|>New</);
  requireLeft(await visitor.submit(consent, {}, "allow"));
  requireLeft(await visitor.go(path));

  await house.admin("PATCH", `/apps/${app.clientId}`, { scopes: ["projects", "crm"] });

  const again = requirePage(await visitor.go(path));
  assert.match(again.html, /asks for more now/);
  assert.equal(again.html.match(/>New</g)?.length, 1, "what was allowed before is not new");
  requireLeft(await visitor.submit(again, {}, "allow"));
  requireLeft(await visitor.go(path));
});

test("a page left open overnight starts again with one click, and keeps the e-mail", async () => {
  const house = await openHouse();
  const world = worldOf(house);
  const app = await world.registerApp({ trusted: true });
  const user = await world.addUser(await world.addInstallation());
  const visitor = new Visitor(house);
  const path = `/launchpad/login?client_id=${app.clientId}&redirect_uri=${encodeURIComponent(app.redirectUri)}&state=s1`;
  const page = requirePage(await visitor.go(path));

  house.passSeconds(10 * 3_600);

  const expired = requirePage(await visitor.submit(page, { email: user.email, password: user.password }));
  assert.match(expired.title, /expired/);
  const anew = requirePage(await visitor.send(expired, "/login/restart"));
  assert.ok(anew.html.includes(`value="${user.email}"`));
  const { answer } = requireLeft(await visitor.submit(anew, { email: user.email, password: user.password }));
  assert.equal(answer.get("state"), "s1");
});

test("using another account ends the session and signs somebody else in", async () => {
  const house = await openHouse();
  const world = worldOf(house);
  const app = await world.registerApp();
  const installation = await world.addInstallation();
  const one = await world.addUser(installation);
  const two = await world.addUser(installation);
  const visitor = new Visitor(house);
  const { url } = await app.client.startLogin();
  const consent = requirePage(await signIn(visitor, url.slice(house.config.url.length), one));

  const fresh = requirePage(await visitor.send(consent, "/login/switch"));

  const second = requirePage(await visitor.submit(fresh, { email: two.email, password: two.password }));
  assert.ok(second.html.includes(two.email));
  assert.ok(!second.html.includes(one.email));
});
