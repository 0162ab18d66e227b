import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { nameAmong, pairsOf, SEED, textOr } from "../support/fuzz-values.ts";
import { rowsOfHouse } from "../support/rows.ts";
import { exchange, exchangeOf, isActive, loginPath, newCode, openScene } from "../support/scene.ts";
import { requirePage, Visitor } from "../support/visitor.ts";

const scene = await openScene(
  { allowedOrigins: ["https://app.example.com"] },
  { settings: { LATCHKEY_LIMITS: "off" } },
);
const { house, app, user } = scene;
const origin = { headers: { origin: "https://app.example.com" } };
const { body: grant } = await exchange(house, exchangeOf(app, await newCode(scene, app)), origin);
assert.equal(await isActive(house, grant.access_token), true); // a first use is kept
const stranger = new Visitor(house);
const page = requirePage(await stranger.go(loginPath(app)));

const GET_DOORS = [
  "/",
  "/launchpad/login",
  "/launchpad/login/",
  "/oauth2/authorize",
  "/login/continue",
  "/login/forgot-password",
  "/login/forgot-password/sent",
  "/login/password-saved",
  "/login/link/x",
  "/launchpad/v1/userinfo.json",
  "/oauth2/userinfo",
  "/verify",
  "/oauth2/jwks",
  "/.well-known/openid-configuration",
  "/health/live",
  "/nothing",
];
const POST_DOORS = [
  "/launchpad/login",
  "/oauth2/authorize",
  "/launchpad/v1/token.json",
  "/launchpad/v1/token",
  "/oauth2/token",
  "/oauth2/introspect",
  "/oauth2/revoke",
  "/oauth2/userinfo",
  "/login/sign-in",
  "/login/continue",
  "/login/consent",
  "/login/switch",
  "/login/restart",
  "/login/forgot-password",
  "/login/link/x",
  "/login/link/x/password",
  "/logout",
];
const NAMES = `client_id client_secret redirect_uri state code code_challenge code_challenge_method code_verifier
  installation login_hint ui_locales prompt response_type scope nonce max_age request request_uri response_mode
  grant_type refresh_token token token_type_hint email decision remember form_token access_token __proto__ constructor`;
/** Real values, so that a random request gets past the first check now and then; the password and the secret are not among them. */
const VALUES = [
  app.clientId,
  app.redirectUri,
  user.email,
  grant.access_token,
  page.forms[0]?.fields.request ?? "",
  `US-${user.installation.id}`,
  ..."S256 plain code none login consent select_account openid authorization_code refresh_token allow deny".split(" "),
  ..."00000000-0000-0000-0000-000000000000-US javascript:alert(1) https://evil.example/ null 0 -1 1e999 true".split(
    " ",
  ),
  "A".repeat(43),
];

const text = textOr(VALUES);
const name = nameAmong(NAMES.split(/\s+/));
const pairs = pairsOf(name, text);
const inHeader = text.map((one) => one.replace(/[^\x20-\x7e\x80-\xff]/g, "").slice(0, 4_000));
const headers = fc.record(
  {
    authorization: fc.oneof(
      inHeader,
      inHeader.map((one) => `Bearer ${one}`),
      inHeader.map((one) => `Basic ${one}`),
      inHeader.map((one) => `Basic ${btoa(one)}`),
    ),
    origin: inHeader,
    accept: fc.constantFrom("text/html", "application/json", "*/*"),
    "user-agent": inHeader,
    "x-request-id": inHeader,
    "x-forwarded-for": inHeader,
    cookie: fc.oneof(inHeader, fc.constant([...stranger.cookies].map(([key, value]) => `${key}=${value}`).join("; "))),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  pairs.map((content) => ({ type: "application/x-www-form-urlencoded", content })),
  fc
    .dictionary(name, fc.oneof(text, fc.jsonValue()))
    .map((value) => ({ type: "application/json", content: JSON.stringify(value) })),
  fc.json().map((content) => ({ type: "application/json", content })),
  fc.array(fc.tuple(name, text), { maxLength: 6 }).map((parts) => ({
    type: "multipart/form-data; boundary=b",
    content: `${parts.map(([key, value]) => `--b\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`).join("")}--b--`,
  })),
  fc.uint8Array({ maxLength: 200 }).map((content) => ({ type: "application/json", content })),
  text.map((content) => ({ type: "text/plain", content })),
);

/** Everything that is kept, but for failures counted, which are what a guess costs, and the timelines that tell of them. */
async function allRows() {
  const all = await rowsOfHouse(house);
  return all.map(([name, { budget, login_event, login_hour, ...tables }]) => [name, tables]);
}

async function assertHarmless(response: Response) {
  assert.ok(response.status < 500, `${response.status} ${await response.clone().text()}`);
  const location = response.headers.get("location");
  assert.ok(location === null || /^\/(?![/\\])/.test(location) || location.startsWith(app.redirectUri), `${location}`);
  if (location?.startsWith(app.redirectUri)) assert.doesNotMatch(location, /[?&]code=/);
  const content = await response.text();
  if (content !== "" && response.headers.get("content-type")?.includes("json")) JSON.parse(content);
}

async function fuzz(t: TestContext, runs: number, arbitrary: fc.Arbitrary<{ path: string; init: RequestInit }>) {
  t.diagnostic(`LATCHKEY_TEST_SEED=${SEED}`);
  const before = await allRows();
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ path, init }) => assertHarmless(await house.fetch(path, init))),
    { seed: SEED, numRuns: runs },
  );
  assert.deepEqual(await allRows(), before);
}

test("no address makes the server fail or changes a row", (t) =>
  fuzz(
    t,
    600,
    fc.record({
      path: fc.tuple(fc.constantFrom(...GET_DOORS), pairs).map(([door, query]) => `${door}?${query}`),
      init: headers.map((all) => ({ headers: all as Record<string, string> })),
    }),
  ));

test("no body makes the server fail or changes a row", (t) =>
  fuzz(
    t,
    800,
    fc.record({
      path: fc.constantFrom(...POST_DOORS),
      init: fc.tuple(headers, body).map(([all, { type, content }]) => ({
        method: "POST",
        headers: { "content-type": type, ...all } as Record<string, string>,
        body: content as BodyInit,
      })),
    }),
  ));

test("no method makes the server fail, and where it is the wrong one the right ones are named", async () => {
  for (const door of new Set([...GET_DOORS, ...POST_DOORS]))
    for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "POST", "GET", "PROPFIND", "get"]) {
      const response = await house.fetch(door, { method });
      await assertHarmless(response);
      if (response.status === 405)
        assert.match(response.headers.get("allow") ?? "", /^[A-Z]+(, [A-Z]+)*$/, `${method} ${door}`);
    }
});
