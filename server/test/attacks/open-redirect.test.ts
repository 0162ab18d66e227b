import assert from "node:assert/strict";
import { test } from "node:test";
import { loginPath, openScene } from "../support/scene.ts";

const { house, world, visitor, app } = await openScene({
  redirectUris: [
    "https://app.example.com/callback",
    "https://app.example.com/callback?tenant=1",
    "http://localhost:3000/callback",
    "http://127.0.0.1/callback",
    "com.example.app:/callback",
  ],
});

/** Values that some servers take for a registered one, or that browsers read as another address than a server does. */
const HOSTILE = [
  "https://evil.example/callback",
  "https://app.example.com.evil.example/callback",
  "https://app.example.com@evil.example/callback",
  "https://app.example.com%2eevil.example/callback",
  "https://evil.example/https://app.example.com/callback",
  "https://evil.example\\@app.example.com/callback",
  "https://app.example.com\\.evil.example/callback",
  "https://app.example.com:443/callback",
  "https://app.example.com:8443/callback",
  "https://user@app.example.com/callback",
  "https://app.example.com./callback",
  "https://APP.example.com/callback",
  "HTTPS://app.example.com/callback",
  "http://app.example.com/callback",
  "//app.example.com/callback",
  "///evil.example",
  "/callback",
  "callback",
  "https:app.example.com/callback",
  "https:/app.example.com/callback",
  "https://app.example.com",
  "https://app.example.com/",
  "https://app.example.com/callback/",
  "https://app.example.com/callback/evil",
  "https://app.example.com/callback/../evil",
  "https://app.example.com/x/../callback",
  "https://app.example.com/%63allback",
  "https://app.example.com/callback%2f..%2fevil",
  "https://app.example.com/callback;evil",
  "https://app.example.com/callback?",
  "https://app.example.com/callback?evil=1",
  "https://app.example.com/callback?tenant=2",
  "https://app.example.com/callback?tenant=1&evil=1",
  "https://app.example.com/callback?code=stolen",
  "https://app.example.com/callback#",
  "https://app.example.com/callback#evil",
  " https://app.example.com/callback",
  "https://app.example.com/callback ",
  "https://app.example.com/call back",
  "https://аpp.example.com/callback", // a Cyrillic a
  "https://app。example.com/callback",
  "https://*.example.com/callback",
  "http://localhost:0/callback",
  "http://localhost:65536/callback",
  "http://localhost:03000/callback",
  "http://localhost:3000@evil.example/callback",
  "http://localhost:/callback",
  "http://localhost.evil.example:3000/callback",
  "http://localhost:3000/callback/evil",
  "https://localhost:3000/callback",
  "http://127.0.0.2/callback",
  "http://127.1/callback",
  "http://0x7f.0.0.1/callback",
  "http://2130706433/callback",
  "http://[::1]/callback",
  "http://[::ffff:127.0.0.1]/callback",
  "com.example.app:/callback/evil",
  "com.example.app://callback",
  "com.example.app.evil:/callback",
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "blob:https://app.example.com/callback",
  '"><script>alert(1)</script>',
  "null",
  "undefined",
  "",
];

test("no redirect URI but a registered one is ever sent to, whoever is signed in", async () => {
  for (const door of ["/launchpad/login", "/oauth2/authorize"])
    for (const redirect_uri of HOSTILE) {
      const path = loginPath(app, { redirect_uri, response_type: "code", state: "s" }, door);
      const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = await house.fetch(path, { headers: { cookie } });
      const html = await answer.text();

      assert.equal(answer.status, 400, redirect_uri);
      assert.equal(answer.headers.get("location"), null, redirect_uri);
      assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
      assert.doesNotMatch(html, /http-equiv|<script>|href="(?!\/)/, "nothing on the page leads there");
      assert.doesNotMatch(html, /name="request"/, "no login begins");
    }
});

test("the registered ones are sent to: the values above fail for the right reason", async () => {
  for (const redirect_uri of [
    "https://app.example.com/callback",
    "https://app.example.com/callback?tenant=1",
    "http://localhost:4711/callback",
    "http://127.0.0.1:65535/callback",
  ]) {
    const visit = await visitor.go(loginPath(app, { redirect_uri }));
    assert.ok("left" in visit && visit.left.startsWith(redirect_uri), redirect_uri);
  }
});

test("no error of the request is sent to an address before the address has been proven", async () => {
  const suspended = await world.registerApp({ status: "suspended" });
  const wrong = { code_challenge_method: "plain", response_type: "token", prompt: "none", state: "s" };
  const unproven = [
    loginPath(app, { ...wrong, client_id: undefined }),
    loginPath(app, { ...wrong, client_id: "" }),
    loginPath(app, { ...wrong, client_id: "a".repeat(40) }),
    loginPath(app, { ...wrong, client_id: "__proto__" }),
    loginPath(app, { ...wrong, redirect_uri: undefined }),
    loginPath(app, { ...wrong, redirect_uri: "https://evil.example/" }),
    loginPath(app, { ...wrong, state: "s".repeat(2_049) }),
    loginPath(suspended, wrong),
    `${loginPath(app, wrong)}&redirect_uri=${encodeURIComponent("https://evil.example/")}`,
    `${loginPath(app, wrong)}&client_id=${suspended.clientId}`,
    `${loginPath(app)}&state=a&state=b`,
  ];
  for (const path of unproven) {
    const answer = await house.fetch(path);
    assert.equal(answer.status, 400, path);
    assert.equal(answer.headers.get("location"), null, path);
  }
});

test("an app that loses a redirect URI while somebody logs in sends nobody there any more", async () => {
  const fickle = await world.registerApp({
    redirectUris: ["https://old.example.com/cb", "https://new.example.com/cb"],
  });
  const consent = await visitor.go(loginPath(fickle));
  assert.ok("forms" in consent && /Allow/.test(consent.title));

  await house.admin("PATCH", `/apps/${fickle.clientId}`, { redirectUris: ["https://new.example.com/cb"] });

  for (const button of ["allow", "deny"]) {
    const page = await visitor.submit(consent, {}, button);
    assert.ok("forms" in page, "it stays on our pages");
    assert.equal(page.status, 400);
  }
});

test("no door of ours redirects to an address that a parameter names", async () => {
  const target = encodeURIComponent("https://evil.example/");
  for (const path of [
    `/login/continue?request=${target}`,
    `/login/continue?next=${target}&return_to=${target}`,
    `/login/forgot-password/sent?to=${target}`,
    `/login/password-saved?request=${target}`,
    `/logged-out?redirect_uri=${target}&post_logout_redirect_uri=${target}`,
    `/?redirect_uri=${target}`,
    "//evil.example/",
    "/\\evil.example/",
    "/launchpad/login//evil.example/",
  ]) {
    const answer = await house.fetch(path);
    const location = answer.headers.get("location");
    assert.ok(location === null || /^\/(?![/\\])/.test(location), `${path} -> ${location}`);
    assert.doesNotMatch(await answer.text(), /href="[^"]*evil\.example/, path);
  }
  const out = await visitor.post(`/logout?next=${target}`, { next: "https://evil.example/" });
  assert.ok("url" in out && out.url.endsWith("/logged-out"));
});
