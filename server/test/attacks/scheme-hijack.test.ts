import assert from "node:assert/strict";
import { test } from "node:test";
import { exchange, exchangeOf, loginPath, newPkce, openScene } from "../support/scene.ts";
import { type Page, requirePage } from "../support/visitor.ts";

const scene = await openScene();
const { house, world, visitor } = scene;
const redirectUri = "com.example.app:/done?keep=1";
const app = await world.registerApp({ kind: "public", redirectUris: [redirectUri] });
const { verifier, parameters } = newPkce();

const hrefOf = (page: Page) => {
  const [, href = ""] = /<a class="primary" href="([^"]*)" data-open>/.exec(page.html) ?? [];
  return href.replaceAll("&amp;", "&").replaceAll("&#39;", "'").replaceAll("&quot;", '"');
};

test("an app of its own scheme is opened by a page, and no address of ours ever holds the code", async () => {
  const consent = requirePage(await visitor.go(loginPath(app, { ...parameters, state: "a%2fb'c" })));
  const page = requirePage(await visitor.submit(consent, {}, "allow"));

  assert.equal(page.status, 200);
  assert.equal(page.headers.get("location"), null);
  assert.equal(page.headers.get("referrer-policy"), "no-referrer");
  assert.equal(page.headers.get("cache-control"), "no-store");
  assert.match(page.html, /safe to close this window/);
  const href = hrefOf(page);
  assert.ok(href.startsWith(`${redirectUri}&code=`), href);
  const answer = new URL(href).searchParams;
  const code = answer.get("code") ?? "";
  assert.equal(answer.get("state"), "a%2fb'c");
  assert.equal(answer.get("iss"), house.config.url);
  assert.ok(!page.url.includes(code));
  assert.equal(page.html.split(code).length, 2, "it is on the page once, in the link");
  assert.doesNotMatch(page.html, /http-equiv="refresh"/);
  const { status } = await exchange(house, exchangeOf(app, code, { code_verifier: verifier }));
  assert.equal(status, 200);
});

test("another program that starts the login in the app's name gets nothing without a person's yes (RFC 8252 §8.6)", async () => {
  for (const uri of [redirectUri, "http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost/cb"]) {
    const claimed = await world.registerApp({ kind: "public", redirectUris: [uri], trusted: true });
    for (const _ of ["first", "second"]) {
      const page = requirePage(await visitor.go(loginPath(claimed, parameters)));
      assert.match(page.html, /name="decision"/, uri);
      await visitor.submit(page, {}, "allow");
    }
    const silent = await visitor.go(loginPath(claimed, { ...parameters, prompt: "none" }));
    const answer = "left" in silent ? silent.left : hrefOf(silent);
    assert.match(answer, /[?&]error=interaction_required&/, uri);
    assert.doesNotMatch(answer, /[?&]code=/);
  }
});

test("a refusal and an error open the app just so", async () => {
  const consent = requirePage(await visitor.go(loginPath(app, { ...parameters, prompt: "consent" })));
  const refused = requirePage(await visitor.submit(consent, {}, "deny"));
  const wrong = requirePage(await visitor.go(loginPath(app, { state: "s" })));
  for (const [page, error] of [
    [refused, "access_denied"],
    [wrong, "invalid_request"],
  ] as const) {
    assert.equal(page.status, 200);
    assert.equal(page.headers.get("referrer-policy"), "no-referrer");
    assert.equal(new URL(hrefOf(page)).searchParams.get("error"), error);
  }
});

test("a state of any characters opens the app and stays what it was", async () => {
  for (const state of [
    "\\",
    "a\\b",
    '"',
    "'",
    "<x>",
    "`{|}^",
    "%22%3e",
    "javascript:alert(1)",
    "//evil",
    ";",
    "%20",
    "+",
  ]) {
    const path = `${loginPath(app, { ...parameters, prompt: "none" })}&state=${state}`;
    const page = requirePage(await visitor.go(path));
    assert.equal(page.status, 200, state);
    assert.ok(page.html.includes("data-open"), state);
    const href = hrefOf(page).replaceAll("&lt;", "<").replaceAll("&gt;", ">");
    assert.ok(href.includes(`&state=${state}&`), `${state}: ${href}`);
  }
});

test("a scheme that runs is refused when it is registered, and not rendered even if it got in some other way", async () => {
  const evil = [
    "javascript:alert(1)",
    "JavaScript://x/%0aalert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://a.example/x",
    "intent://x#Intent;end",
    "view-source:https://a.example/",
    "ms-settings:x",
    "chrome://settings/",
  ];
  for (const uri of evil) {
    const { status } = await house.admin("POST", "/apps", { name: "Evil", redirectUris: [uri] });
    assert.equal(status, 422, uri);
  }
  const { directory, apps } = house.deps;
  const record = apps.find(app.clientId);
  assert.ok(record);
  for (const [index, uri] of evil.entries()) {
    const planted = { ...record, clientId: String(index).padStart(40, "0"), redirectUris: [uri] };
    await directory.apps.register(planted, {
      auditId: `planted-${index}`,
      at: house.deps.now(),
      actor: "test",
      action: "app.register",
      target: planted.clientId,
      detail: {},
    });
    await apps.catchUp();
    const response = await house.fetch(loginPath({ clientId: planted.clientId, redirectUri: uri }, { state: "s" }));
    const html = await response.text();
    assert.equal(response.headers.get("location"), null, uri);
    assert.doesNotMatch(html, /data-open/, uri);
    assert.ok(!html.includes(`href="${uri}`), uri);
  }
});
