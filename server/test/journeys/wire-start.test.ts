import assert from "node:assert/strict";
import { test } from "node:test";
import { exchange, exchangeOf, loginPath, newPkce, openScene, postForm, signedIn } from "../support/scene.ts";
import { requireLeft, requirePage, Visitor } from "../support/visitor.ts";

// wire.md section 1, line by line; what is refused there is in attacks/.

const scene = await openScene({ scopes: ["projects", "desk"] });
const { house, world, app, user, visitor } = scene;
const asking = await world.registerApp({ name: "Asking" });

const answerTo = async (path: string) => requireLeft(await visitor.go(path)).answer;
const rawPath = (rest: string) =>
  `/launchpad/login?client_id=${app.clientId}&redirect_uri=${encodeURIComponent(app.redirectUri)}${rest}`;

test("both spellings of the address, and a POST with the parameters in the query, show the same page", async () => {
  const pages = [
    await house.fetch(loginPath(app)),
    await house.fetch(loginPath(app, {}, "/launchpad/login/")),
    await house.fetch(loginPath(app), { method: "POST" }),
    await house.fetch(loginPath(app, {}, "/launchpad/login/"), { method: "POST", body: "ignored=1" }),
    // as a form on the app's own site would send it
    await house.fetch(loginPath(app), { method: "POST", headers: { origin: "https://app.example.com" } }),
  ];
  const texts = await Promise.all(
    pages.map(async (page) => (await page.text()).replace(/(value|request)="?[\w=-]{60,}/g, "")),
  );
  assert.deepEqual(new Set(pages.map(({ status }) => status)), new Set([200]));
  assert.equal(new Set(texts).size, 1);
});

test("client_id may come with white space around it", async () => {
  assert.ok((await answerTo(loginPath(app, { client_id: ` ${app.clientId}\u00a0 ` }))).has("code"));
});

test("state comes back byte for byte, on success and on error, an empty one empty, an absent one not at all", async () => {
  const states = [
    "a%2fb",
    "a%2Fb",
    "a+b",
    "a%20b",
    "%41",
    "'",
    "%27",
    "a;b,c",
    '{"a":1}',
    "a=b",
    "%3D",
    "~",
    "%C3%A4",
    "\\",
  ];
  for (const state of states)
    for (const rest of [`&state=${state}`, `&state=${state}&response_type=token`]) {
      const { left } = requireLeft(await visitor.go(rawPath(rest)));
      assert.match(left, new RegExp(`[?&]state=${state.replace(/[\\{}+*?^$.()|[\]]/g, "\\$&")}&`), left);
    }
  for (const rest of ["&state=", "&state"]) {
    const { left } = requireLeft(await visitor.go(rawPath(rest)));
    assert.match(left, /[?&]state=&/);
  }
  assert.equal((await answerTo(rawPath(""))).has("state"), false);
  assert.equal((await answerTo(rawPath("&response_type=x"))).has("state"), false);
});

test("state may have 2,048 bytes as sent, and not one more", async () => {
  for (const state of ["x".repeat(2_048), `${"%41".repeat(682)}xx`]) {
    const { left } = requireLeft(await visitor.go(rawPath(`&state=${state}`)));
    assert.ok(left.includes(`state=${state}&`));
    const tooLong = requirePage(await visitor.go(rawPath(`&state=${state}x`)));
    assert.equal(tooLong.status, 400);
    assert.match(tooLong.html, /2,048/);
  }
});

test("response_type may be absent, empty or code; anything else is told to the app", async () => {
  for (const response_type of [undefined, "", "code"])
    assert.ok((await answerTo(loginPath(app, { response_type }))).has("code"), response_type);
  for (const response_type of ["token", "code token", "id_token", "none", "CODE", " code"])
    assert.equal((await answerTo(loginPath(app, { response_type }))).get("error"), "unsupported_response_type");
});

test("scope narrows when at least one of the app's own is asked for; unknown ones are ignored here", async () => {
  const granted = async (scope: string | undefined) => {
    const code = (await answerTo(loginPath(app, { scope }))).get("code") ?? "";
    return (await exchange(house, exchangeOf(app, code))).body.scope;
  };
  assert.equal(await granted(undefined), "projects desk");
  assert.equal(await granted(""), "projects desk");
  assert.equal(await granted("desk"), "desk");
  assert.equal(await granted("desk projects"), "projects desk");
  assert.equal(await granted("desk,projects"), "projects desk");
  assert.equal(await granted("desk, crm"), "desk");
  assert.equal(await granted("crm nothing"), "projects desk");
  assert.equal(await granted("openid"), "projects desk openid");
  assert.equal(await granted("desk openid profile email"), "desk openid profile email");
});

test("what else real clients send is ignored, also twice", async () => {
  const rest =
    "access_type=offline&approval_prompt=auto&resource=x&grant_type=authorization_code&a=1&a=2&client_secret=x";
  assert.ok((await answerTo(`${loginPath(app)}&${rest}&ui_locales=de-CH%20fr`)).has("code"));
});

test("login_hint stands in the e-mail field", async () => {
  const page = requirePage(await new Visitor(house).go(loginPath(app, { login_hint: user.email })));
  assert.ok(page.html.includes(`value="${user.email}"`));
});

test("prompt=none answers what it could not do without its user", async () => {
  const none = { prompt: "none" };
  assert.ok((await answerTo(loginPath(app, none))).has("code"), "or a code, when it could");
  const stranger = requireLeft(await new Visitor(house).go(loginPath(app, { ...none, state: "s" })));
  assert.equal(stranger.answer.get("error"), "login_required");
  assert.equal(stranger.answer.get("state"), "s");
  assert.equal((await answerTo(loginPath(asking, none))).get("error"), "consent_required");

  const both = await world.addUser(await world.addInstallation("EU"));
  await world.addUser(user.installation, { email: both.email });
  const undecided = await signedIn(house, world, both);
  const answer = requireLeft(await undecided.go(loginPath(app, none))).answer;
  assert.equal(answer.get("error"), "interaction_required");
  const hinted = loginPath(app, { ...none, installation: `EU-${both.installation.id}` });
  assert.match(requireLeft(await undecided.go(hinted)).answer.get("code") ?? "", /-EU$/);
  for (const mixed of ["none login", "none consent", "select_account none"])
    assert.equal((await answerTo(loginPath(app, { prompt: mixed }))).get("error"), "invalid_request", mixed);
});

test("prompt=login asks for the password again, select_account which account, consent once more; the rest is ignored", async () => {
  const again = requirePage(await visitor.go(loginPath(app, { prompt: "login" })));
  assert.ok(again.forms.some(({ open }) => open.includes("password")));
  requireLeft(await visitor.submit(again, { email: user.email, password: user.password }));

  const picker = requirePage(await visitor.go(loginPath(app, { prompt: "select_account" })));
  assert.ok(picker.html.includes(user.email));
  requireLeft(await visitor.send(picker, "/login/continue"));

  const path = loginPath(asking, { prompt: "consent" });
  requireLeft(await visitor.submit(requirePage(await visitor.go(path)), {}, "allow"));
  assert.match(requirePage(await visitor.go(path)).html, /name="decision"/);
  assert.ok((await answerTo(loginPath(asking))).has("code"), "without the prompt it is not asked again");

  for (const prompt of ["create", "LOGIN", "", "consents"])
    assert.ok((await answerTo(loginPath(app, { prompt }))).has("code"), prompt);
});

test("who comes in under the host of an installation means that installation, and no host is refused", async () => {
  const here = await world.addInstallation("US", { url: "https://acme-one.example.com/" });
  const there = await world.addInstallation("EU", { url: "https://acme-two.example.com:8443/desk" });
  const person = await world.addUser(here);
  await world.addUser(there, { email: person.email });
  const under = async (host: string) => {
    const browser = new Visitor(house, { headers: { host } });
    const origin = { origin: `http://${host}` };
    const page = requirePage(await browser.go(loginPath(app)));
    const { action = "", fields = {} } = page.forms[0] ?? {};
    return browser.post(action, { ...fields, email: person.email, password: person.password }, origin);
  };
  assert.match(requireLeft(await under("acme-one.example.com")).answer.get("code") ?? "", /-US$/);
  assert.match(requireLeft(await under("acme-two.example.com:8443")).answer.get("code") ?? "", /-EU$/);
  for (const host of ["acme-two.example.com", "elsewhere.example.com", "127.0.0.1"])
    assert.match(requirePage(await under(host)).title, /Choose/, host);
});

test("an installation hint that is malformed or foreign is no hint", async () => {
  const person = await world.addUser(await world.addInstallation("US"));
  const second = await world.addUser(await world.addInstallation("EU"), { email: person.email });
  const browser = await signedIn(house, world, person);
  for (const installation of [
    "0",
    "-1",
    "EU",
    "EU-",
    "eu-1",
    `US-${second.installation.id}`,
    "x".repeat(9_000),
    "1e3",
    "EU-01",
  ])
    assert.match(requirePage(await browser.go(loginPath(app, { installation }))).title, /Choose/, installation);
  const hinted = requireLeft(await browser.go(loginPath(app, { installation: String(second.installation.id) })));
  assert.match(hinted.answer.get("code") ?? "", /-EU$/);
});

test("at the strict door the parameters may come in a body, and then lead to the same", async () => {
  const { parameters } = newPkce();
  const query = loginPath(app, { ...parameters, response_type: "code", state: "ä b#c" }, "").slice(1);
  const posted = await postForm(house, "/oauth2/authorize", query);
  assert.equal(posted.status, 303);
  const { answer } = requireLeft(await visitor.go(posted.headers.get("location") ?? ""));
  assert.ok(answer.has("code"));
  assert.equal(answer.get("state"), "ä b#c");
});
