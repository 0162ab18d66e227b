import assert from "node:assert/strict";
import { test } from "node:test";
import { loginPath, openScene, signedIn } from "../support/scene.ts";
import { type Page, requirePage, type Visit, Visitor } from "../support/visitor.ts";

const scene = await openScene();
const { house, world, user } = scene;
const app = await world.registerApp({ name: "Asking app" });
const ORIGIN = new URL(house.config.url).origin;
const credentials = { email: user.email, password: user.password };

const open = async (visitor: Visitor, path = loginPath(app)) => requirePage(await visitor.go(path));
const formOf = (page: Page, action: string) => {
  const form = page.forms.find((one) => one.action === action);
  assert.ok(form, `${page.title} has a form to ${action}`);
  return form;
};

/** Sends a form as a raw request, so that each header is exactly what it says. */
async function send(page: Page, action: string, more: Record<string, string>, headers: Record<string, string>) {
  return house.fetch(action, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams({ ...formOf(page, action).fields, ...more }).toString(),
  });
}

const cookieOf = (visitor: Visitor) => [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
const setsSession = (response: Response) => response.headers.getSetCookie().some((line) => /session=[^;]/.test(line));

test("a form that another site sends is refused, whichever header says so", async () => {
  const visitor = new Visitor(house);
  const page = await open(visitor);
  const cookie = cookieOf(visitor);
  const foreign: Record<string, string>[] = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: `${ORIGIN}.evil.example` },
    { origin: ORIGIN.replace("http:", "https:") },
    { origin: ORIGIN.replace(/:\d+$/, ":1") },
    { origin: ORIGIN.toUpperCase() },
    { origin: "" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "cross-site", origin: ORIGIN },
    { "sec-fetch-site": "same-origin", origin: "https://evil.example" },
    { origin: "https://evil.example", host: new URL(ORIGIN).host },
    { origin: "https://evil.example", "x-forwarded-host": "evil.example" },
  ];
  for (const headers of foreign) {
    const refused = await send(page, "/login/sign-in", credentials, { cookie, ...headers });
    assert.equal(refused.status, 403, JSON.stringify(headers));
    assert.equal(setsSession(refused), false);
    assert.equal(refused.headers.get("location"), null);
  }
  const own = await send(page, "/login/sign-in", credentials, {
    cookie,
    origin: ORIGIN,
    "sec-fetch-site": "same-origin",
  });
  assert.equal(own.status, 303);
  assert.equal(setsSession(own), true);
});

test("every form of ours is guarded so: no site signs anybody in, out, over, or says yes", async () => {
  const visitor = await signedIn(house, world, user);
  const consent = await open(visitor);
  const before = requirePage(await new Visitor(house).go(loginPath(app)));
  const forms: [Page, string, Record<string, string>][] = [
    [consent, "/login/consent", { decision: "allow" }],
    [consent, "/login/consent", { decision: "deny" }],
    [consent, "/login/switch", {}],
    [before, "/login/sign-in", credentials],
    [before, "/login/consent", { decision: "deny" }],
  ];
  const headers = { cookie: cookieOf(visitor), origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  for (const [page, action, more] of forms) assert.equal((await send(page, action, more, headers)).status, 403, action);
  for (const action of ["/logout", "/login/continue", "/login/restart"]) {
    const body = new URLSearchParams(formOf(consent, "/login/consent").fields).toString();
    const type = { "content-type": "application/x-www-form-urlencoded" };
    assert.equal((await house.fetch(action, { method: "POST", headers: { ...headers, ...type }, body })).status, 403);
  }
  assert.match((await open(visitor)).title, /Allow/, "still signed in");
});

test("a page shown in one browser is worth nothing in another (login CSRF)", async () => {
  const mallory = new Visitor(house);
  const page = await open(mallory);
  const victim = new Visitor(house);
  await open(victim);

  const refused = requirePage(
    await victim.post("/login/sign-in", { ...formOf(page, "/login/sign-in").fields, ...credentials }),
  );

  assert.equal(refused.status, 400);
  assert.match(refused.title, /expired/);
  assert.equal(
    [...victim.cookies.keys()].some((name) => name.includes("session")),
    false,
  );
});

test("a link to somebody else's login under way does nothing but offer to start again", async () => {
  const mallory = await signedIn(house, world, user);
  const consent = await open(mallory);
  const { request = "" } = formOf(consent, "/login/consent").fields;
  const victim = await signedIn(house, world, await world.addUser(user.installation));

  const page = requirePage(await victim.go(`/login/continue?request=${request}`));

  assert.equal(page.status, 400);
  assert.deepEqual(
    page.forms.map(({ action }) => action),
    ["/login/restart"],
  );
});

test("without its cookie a page cannot go on, and says that cookies are blocked", async () => {
  const page = await open(new Visitor(house));
  const answer = await send(page, "/login/sign-in", credentials, { origin: ORIGIN });
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /cookie/i);
  assert.equal(setsSession(answer), false);
});

test("a sealed request that was changed, cut or made up is broken", async () => {
  const visitor = new Visitor(house);
  const page = await open(visitor);
  const { request = "" } = formOf(page, "/login/sign-in").fields;
  const middle = Math.floor(request.length / 2);
  const flipped = request.slice(0, middle) + (request[middle] === "A" ? "B" : "A") + request.slice(middle + 1);
  const forgedJson = Buffer.from(JSON.stringify({ request: { clientId: app.clientId } })).toString("base64url");
  const otherPurpose = house.deps.keys.seal("form", { request: {} });
  for (const sealed of [
    flipped,
    request.slice(0, -1),
    request.slice(1),
    request.slice(0, 40),
    "",
    "x",
    forgedJson,
    otherPurpose,
  ]) {
    const broken = requirePage(await visitor.post("/login/sign-in", { request: sealed, ...credentials }));
    assert.equal(broken.status, 400);
    assert.equal(
      [...visitor.cookies.keys()].some((name) => name.includes("session")),
      false,
    );
    assert.equal(requirePage(await visitor.go(`/login/continue?request=${encodeURIComponent(sealed)}`)).status, 400);
  }
  const twice = `request=${request}&request=${request}&email=${encodeURIComponent(user.email)}&password=x`;
  const headers = { "content-type": "application/x-www-form-urlencoded", cookie: cookieOf(visitor) };
  assert.equal((await house.fetch("/login/sign-in", { method: "POST", headers, body: twice })).status, 400);
});

test("signing in makes a new session: one that somebody planted before is not the one that is signed in (fixation)", async () => {
  const mallory = await signedIn(house, world, await world.addUser(user.installation));
  const victim = new Visitor(house);
  const page = requirePage(await victim.go(loginPath(app, { prompt: "login" })));
  const name = [...mallory.cookies.keys()].find((one) => one.includes("session")) ?? "";
  const planted = mallory.cookies.get(name) ?? "";
  victim.cookies.set(name, planted);

  requirePage(await victim.submit(page, credentials));

  assert.notEqual(victim.cookies.get(name), planted);
  const home = requirePage(await mallory.go("/"));
  assert.doesNotMatch(home.html, new RegExp(user.email), "the planted session does not become the victim's");
  for (const invented of ["US.".padEnd(46, "A"), "US.", "EU.x", "__proto__.x", `${planted}x`, "a b"]) {
    const stranger = new Visitor(house);
    stranger.cookies.set(name, invented);
    assert.match(requirePage(await stranger.go(loginPath(app))).title, /Sign in/);
  }
});

test("signing in again ends the session before it, also for who has copied that", async () => {
  const visitor = await signedIn(house, world, user);
  const thief = new Visitor(house);
  for (const [name, value] of visitor.cookies) thief.cookies.set(name, value);

  const page = await open(visitor, loginPath(app, { prompt: "login" }));
  await visitor.submit(page, credentials);

  assert.match((await open(thief)).title, /Sign in/);
});

test("after signing out the cookie is worth nothing, also to who has copied it", async () => {
  const visitor = await signedIn(house, world, user);
  const thief = new Visitor(house);
  for (const [name, value] of visitor.cookies) thief.cookies.set(name, value);
  assert.match((await open(thief)).title, /Allow/);

  await visitor.post("/logout", {});

  assert.match((await open(thief)).title, /Sign in/);
  assert.match((await open(visitor)).title, /Sign in/);
});

test("what one account was asked, another cannot answer", async () => {
  const visitor = await signedIn(house, world, user);
  const consent = await open(visitor);
  const other = await world.addUser(user.installation);
  await visitor.post("/logout", {});
  requirePage(await visitor.submit(await open(visitor), { email: other.email, password: other.password }));

  const again: Visit = await visitor.submit(consent, {}, "allow");

  assert.match(requirePage(again).html, new RegExp(other.email), "the question is asked anew, about the one signed in");
});

test("session cookies are for this host and for no script, and on https no sister host can plant them", async () => {
  const secure = await openScene({}, { settings: { LATCHKEY_URL: "https://login.example.com" } });
  for (const [{ house: where }, pattern] of [
    [scene, /^latchkey-(browser|session)=[\w.~-]+; Path=\/(; Max-Age=\d+)?; HttpOnly; SameSite=Lax$/],
    [secure, /^__Host-latchkey-(browser|session)=[\w.~-]+; Path=\/(; Max-Age=\d+)?; HttpOnly; SameSite=Lax; Secure$/],
  ] as const) {
    const response = await where.fetch(loginPath(where === house ? app : secure.app));
    const lines = response.headers.getSetCookie();
    assert.ok(lines.length > 0);
    for (const line of lines) assert.match(line, pattern);
  }
  assert.ok([...secure.visitor.cookies.keys()].every((name) => name.startsWith("__Host-")));
});
