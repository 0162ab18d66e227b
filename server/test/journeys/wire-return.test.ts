import assert from "node:assert/strict";
import { test } from "node:test";
import { loginPath, openScene } from "../support/scene.ts";
import { requireLeft, requirePage } from "../support/visitor.ts";

// wire.md section 3, line by line; the page that opens a private scheme is in attacks/scheme-hijack.

const scene = await openScene();
const { house, world, visitor } = scene;
const issuer = encodeURIComponent(house.config.url);

/** The whole address that the app sees, the code apart. */
const returned = async (redirectUri: string, parameters: Record<string, string> = {}) => {
  const app = await world.registerApp({ trusted: true, redirectUris: [redirectUri] });
  const { left } = requireLeft(await visitor.go(loginPath(app, parameters)));
  return left.replace(/code=[0-9a-f-]{36}-US/, "CODE").replace(app.clientId, "APP");
};

test("success appends code, state, client_id and iss as text, and keeps the app's own query", async () => {
  const tail = `CODE&state=s&client_id=APP&iss=${issuer}`;
  for (const [redirectUri, expected] of [
    ["https://app.example.com/cb", `https://app.example.com/cb?${tail}`],
    ["https://app.example.com", `https://app.example.com?${tail}`],
    ["https://app.example.com/", `https://app.example.com/?${tail}`],
    ["https://app.example.com/cb?a=1", `https://app.example.com/cb?a=1&${tail}`],
    ["https://app.example.com/cb?a=%2F&b=%20+&c", `https://app.example.com/cb?a=%2F&b=%20+&c&${tail}`],
    ["https://app.example.com/cb?", `https://app.example.com/cb?${tail}`],
    ["https://app.example.com/cb?a=1&", `https://app.example.com/cb?a=1&${tail}`],
    ["https://app.example.com/%C3%A4", `https://app.example.com/%C3%A4?${tail}`],
    ["http://localhost:3000/cb", `http://localhost:3000/cb?${tail}`],
    ["http://127.0.0.1/cb?x=1", `http://127.0.0.1/cb?x=1&${tail}`],
    ["http://[::1]/cb", `http://[::1]/cb?${tail}`],
    [
      "https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/cb",
      `https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/cb?${tail}`,
    ],
  ] as const)
    assert.equal(await returned(redirectUri, { state: "s" }), expected);
});

test("without a state none is appended", async () => {
  const left = await returned("https://app.example.com/cb");
  assert.equal(left, `https://app.example.com/cb?CODE&client_id=APP&iss=${issuer}`);
});

test("a refusal appends error, error_description, state, client_id and iss", async () => {
  const left = await returned("https://app.example.com/cb?a=1", { response_type: "token", state: "s" });
  const description = encodeURIComponent("Only response_type=code is supported.");
  assert.equal(
    left,
    `https://app.example.com/cb?a=1&error=unsupported_response_type&error_description=${description}&state=s&client_id=APP&iss=${issuer}`,
  );
});

test("the browser is sent by 303, so that nothing it had posted goes along", async () => {
  const app = await world.registerApp({ trusted: true });
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  for (const parameters of [{}, { response_type: "token" }]) {
    const answer = await house.fetch(loginPath(app, parameters), { headers: { cookie } });
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.equal(await answer.text(), "");
  }
});

test("the user's own refusal is access_denied, also before signing in", async () => {
  const asking = await world.registerApp();
  const consent = requirePage(await visitor.go(loginPath(asking)));
  assert.equal(requireLeft(await visitor.submit(consent, {}, "deny")).answer.get("error"), "access_denied");

  const page = requirePage(await visitor.go(loginPath(asking, { prompt: "login" })));
  assert.equal(requireLeft(await visitor.send(page, "/login/consent")).answer.get("error"), "access_denied");
});

test("a loopback app comes back on the port it asked with", async () => {
  const app = await world.registerApp({ trusted: true, redirectUris: ["http://127.0.0.1/cb"] });
  for (const redirect_uri of ["http://127.0.0.1:1/cb", "http://127.0.0.1:65535/cb", "http://127.0.0.1/cb"]) {
    const { left } = requireLeft(await visitor.go(loginPath(app, { redirect_uri })));
    assert.ok(left.startsWith(`${redirect_uri}?code=`));
  }
});

test("a code names its region, has the shape of a UUID and is another each time", async () => {
  const app = await world.registerApp({ trusted: true });
  const codes = new Set<string>();
  for (let count = 0; count < 5; count++) {
    const { answer } = requireLeft(await visitor.go(loginPath(app)));
    assert.match(answer.get("code") ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-US$/);
    codes.add(answer.get("code") ?? "");
  }
  assert.equal(codes.size, 5);
});
