import assert from "node:assert/strict";
import { test } from "node:test";
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import {
  type Answer,
  basic,
  exchangeOf,
  loginPath,
  newCode,
  newPkce,
  openScene,
  postForm,
  postJson,
  signedIn,
} from "../support/scene.ts";
import { requireLeft, requirePage, Visitor } from "../support/visitor.ts";

// wire.md section 6: the standards' own doors, to the letter.

const scene = await openScene();
const { house, world, app, user, visitor } = scene;
const { url } = house.config;

const authorize = (parameters: Record<string, string | undefined> = {}, one = app) =>
  loginPath(one, { response_type: "code", ...parameters }, "/oauth2/authorize");
const errorOf = async (parameters: Record<string, string | undefined>, one = app) =>
  requireLeft(await visitor.go(authorize(parameters, one))).answer.get("error");
const token = async (more: Record<string, unknown> = {}, parameters = {}): Promise<Answer> => {
  const code = await newCode(scene, app, parameters);
  return postForm(house, "/oauth2/token", exchangeOf(app, code, { grant_type: "authorization_code", ...more }));
};

test("both discovery documents say what this server does, and no more", async () => {
  const documents = await Promise.all(
    ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"].map(async (path) => {
      const answer = await house.fetch(path);
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get("content-type") ?? "", /^application\/json/);
      return answer.json();
    }),
  );
  assert.deepEqual(documents[0], documents[1]);
  const [document] = documents;
  const endpoints = {
    issuer: url,
    authorization_endpoint: `${url}/oauth2/authorize`,
    token_endpoint: `${url}/oauth2/token`,
    userinfo_endpoint: `${url}/oauth2/userinfo`,
    introspection_endpoint: `${url}/oauth2/introspect`,
    revocation_endpoint: `${url}/oauth2/revoke`,
    jwks_uri: `${url}/oauth2/jwks`,
    response_types_supported: ["code"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    subject_types_supported: ["public"],
    request_uri_parameter_supported: false,
  };
  for (const [name, value] of Object.entries(endpoints)) assert.deepEqual(document[name], value, name);
  assert.deepEqual(document.token_endpoint_auth_methods_supported.sort(), [
    "client_secret_basic",
    "client_secret_post",
    "none",
  ]);
  assert.deepEqual(document.id_token_signing_alg_values_supported.sort(), ["ES256", "RS256"]);
  assert.ok(
    ["openid", "profile", "email", "projects", "desk"].every((scope) => document.scopes_supported.includes(scope)),
  );
  assert.equal("registration_endpoint" in document, false, "off by default");
  assert.equal((await house.fetch("/oauth2/register", { method: "POST" })).status, 404);
});

test("every endpoint named there exists", async () => {
  const document = await (await house.fetch("/.well-known/openid-configuration")).json();
  for (const [name, address] of Object.entries(document))
    if (/_endpoint$|_uri$/.test(name)) {
      const { status } = await house.fetch(String(address).slice(url.length));
      assert.notEqual(status, 404, name);
    }
});

test("the keys are public ones, one of each algorithm at least, and an app chooses which signs", async () => {
  const jwks = await (await house.fetch("/oauth2/jwks")).json();
  for (const key of jwks.keys) {
    for (const secret of ["d", "p", "q", "dp", "dq", "qi", "k"]) assert.equal(secret in key, false, secret);
    assert.equal(key.use, "sig");
    assert.ok(key.kid);
  }
  assert.deepEqual(new Set(jwks.keys.map(({ alg }: { alg: string }) => alg)), new Set(["ES256", "RS256"]));
  for (const alg of ["ES256", "RS256"]) {
    const signing = await world.registerApp({ trusted: true, idTokenSignedResponseAlg: alg });
    const { answer } = requireLeft(await visitor.go(authorize({ scope: "openid", nonce: "n1" }, signing)));
    const fields = exchangeOf(signing, answer.get("code") ?? "", { grant_type: "authorization_code" });
    const { body } = await postForm(house, "/oauth2/token", fields);
    assert.equal(decodeProtectedHeader(body.id_token).alg, alg);
    const verified = await jwtVerify(body.id_token, createLocalJWKSet(jwks), {
      issuer: url,
      audience: signing.clientId,
      currentDate: new Date(house.deps.now() * 1_000),
    });
    const { sub, nonce, iat = 0, exp = 0, auth_time } = verified.payload;
    assert.deepEqual({ sub, nonce }, { sub: String(user.id), nonce: "n1" });
    assert.ok(exp > iat);
    assert.equal(typeof auth_time, "number");
    assert.doesNotMatch(JSON.stringify(verified.payload), /Dana|@/, "nothing personal");
  }
});

test("authorize wants response_type and known scopes, each parameter once, and refuses what it does not support", async () => {
  assert.equal(await errorOf({}), null);
  assert.equal(await errorOf({ response_type: undefined }), "invalid_request");
  assert.equal(await errorOf({ response_type: "" }), "invalid_request");
  assert.equal(await errorOf({ response_type: "token" }), "unsupported_response_type");
  assert.equal(await errorOf({ scope: "projects" }), null);
  for (const scope of ["projects nothing", "crm", "projects,openid"])
    assert.equal(await errorOf({ scope }), "invalid_scope", scope);
  assert.equal(await errorOf({ response_mode: "query" }), null);
  assert.equal(await errorOf({ response_mode: "fragment" }), "invalid_request");
  assert.equal(await errorOf({ request: "eyJ" }), "request_not_supported");
  assert.equal(await errorOf({ request_uri: "https://evil.example/" }), "request_uri_not_supported");
  for (const max_age of ["-1", "x", "1.5", "99999999999"])
    assert.equal(await errorOf({ max_age }), "invalid_request", max_age);
  assert.equal(await errorOf({ nonce: "n".repeat(1_025) }), "invalid_request");
  const empty = { scope: "", prompt: "", nonce: "", max_age: "", response_mode: "", request: "", login_hint: "" };
  assert.equal(await errorOf(empty), null, "sent without a value is not sent (RFC 6749 §3.1)");
  const twice = requirePage(await visitor.go(`${authorize()}&unknown=1&unknown=1`));
  assert.equal(twice.status, 400);
  assert.equal((await house.fetch(authorize().replace("authorize?", "authorize/?"))).status, 404, "no twin here");
});

test("max_age and prompt=login ask again who has signed in too long ago, and auth_time tells when", async () => {
  const browser = await signedIn(house, world, user);
  house.passSeconds(100);
  const asks = async (parameters: Record<string, string>) => !("left" in (await browser.go(authorize(parameters))));
  assert.equal(await asks({ max_age: "100" }), false);
  assert.equal(await asks({ max_age: "99" }), true);
  assert.equal(await asks({ prompt: "login" }), true);
  assert.equal(
    requireLeft(await browser.go(authorize({ prompt: "none", max_age: "1" }))).answer.get("error"),
    "login_required",
  );

  const page = requirePage(await browser.go(authorize({ max_age: "0", scope: "openid" })));
  const { answer } = requireLeft(await browser.submit(page, { email: user.email, password: user.password }));
  const fields = exchangeOf(app, answer.get("code") ?? "", { grant_type: "authorization_code" });
  const { body } = await postForm(house, "/oauth2/token", fields);
  const claims = JSON.parse(Buffer.from(body.id_token.split(".")[1], "base64url").toString());
  assert.equal(claims.auth_time, house.deps.now());
  assert.equal(await asks({ max_age: "0" }), true, "also in the very second of the last sign-in");
});

test("the token endpoint takes forms only, and a grant_type always", async () => {
  const code = await newCode(scene, app);
  const fields = exchangeOf(app, code, { grant_type: "authorization_code" });
  assert.equal((await postJson(house, "/oauth2/token", fields)).status, 415);
  assert.equal(
    (await postForm(house, "/oauth2/token", JSON.stringify(fields))).status,
    401,
    "a { alone makes no JSON here",
  );
  const cases: [Record<string, unknown>, string][] = [
    [{ grant_type: undefined }, "invalid_request"],
    [{ grant_type: "" }, "invalid_request"],
    [{ grant_type: "client_credentials" }, "unsupported_grant_type"],
    [{ grant_type: "password" }, "unsupported_grant_type"],
    [{ grant_type: "refresh_token", refresh_token: "x" }, "unsupported_grant_type"],
    [{ code: undefined }, "invalid_request"],
    [{ redirect_uri: undefined }, "invalid_request"],
    [{ redirect_uri: "https://app.example.com/" }, "invalid_grant"],
  ];
  for (const [more, error] of cases) {
    const sent = Object.entries({ ...fields, ...more }).filter(([, value]) => value !== undefined);
    assert.equal(
      (await postForm(house, "/oauth2/token", Object.fromEntries(sent))).body.error,
      error,
      JSON.stringify(more),
    );
  }
  assert.equal((await postForm(house, "/oauth2/token", fields)).status, 200);
});

test("at the strict door nothing is sent twice, nobody authenticates twice, and ids and addresses are what they are", async () => {
  const fields = exchangeOf(app, await newCode(scene, app), { grant_type: "authorization_code" });
  const sent = new URLSearchParams(fields as Record<string, string>);
  const authorization = basic(app.clientId, app.clientSecret ?? "");
  const ask = async (body: string, headers: Record<string, string> = {}) =>
    (await postForm(house, "/oauth2/token", body, { headers })).body.error;
  assert.equal(await ask(`${sent}&x=1&x=2`), "invalid_request");
  assert.equal(await ask(`${sent}`, { authorization }), "invalid_request");
  assert.equal(await ask(`${sent}`.replace("client_id=", "client_id=%20")), "invalid_client");
  assert.equal(await ask(`${sent}`.replace(/redirect_uri=[^&]+/, "$&%3Fcode%3D1")), "invalid_grant");
  const spaced = requirePage(await visitor.go(authorize().replace("client_id=", "client_id=%20")));
  assert.equal(spaced.status, 400);
  sent.delete("client_secret");
  assert.equal(await ask(`${sent}`, { authorization }), undefined);
});

test("its answer carries installation, user and status as additional members", async () => {
  const { status, body, headers } = await token();
  assert.equal(status, 200);
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("pragma"), "no-cache");
  assert.equal(body.status, "ok");
  assert.equal(body.installation.region, "US");
  assert.equal(body.user.id, user.id);
});

test("a code of one door is a code at the other", async () => {
  const { verifier, parameters } = newPkce();
  assert.equal((await token({ code_verifier: verifier }, parameters)).status, 200, "guide's login, strict exchange");
  const { answer } = requireLeft(await visitor.go(authorize(parameters)));
  const fields = exchangeOf(app, answer.get("code") ?? "", { code_verifier: verifier });
  assert.equal((await postJson(house, "/launchpad/v1/token.json", fields)).status, 200);
});

test("the strict doors show their pages, and who is not signed in signs in there too", async () => {
  const browser = new Visitor(house);
  const page = requirePage(await browser.go(authorize({ login_hint: user.email })));
  assert.ok(page.html.includes(`value="${user.email}"`));
  assert.ok(requireLeft(await browser.submit(page, { email: user.email, password: user.password })).answer.has("code"));
  const error = await house.fetch("/oauth2/authorize?client_id=x");
  assert.equal(error.status, 400);
  assert.match(error.headers.get("content-type") ?? "", /^text\/html/);
});
