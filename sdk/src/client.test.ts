import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type TestContext, test } from "node:test";
import { inspect } from "node:util";
import { listen, say } from "../test/loopback.ts";
import { APP, CODE, GRANT, TOKEN, USER_INFO } from "../test/samples.ts";
import { type ClientOptions, createClient } from "./client.ts";
import { AppLoginError } from "./errors.ts";

const clientAt = (issuer: string, options: Partial<ClientOptions> = {}) => createClient({ ...APP, issuer, ...options });

/** A client whose server says one thing. */
async function openClient(t: TestContext, respond: Parameters<typeof listen>[1], options?: Partial<ClientOptions>) {
  const server = await listen(t, respond);
  return { server, client: clientAt(server.url, options) };
}

test("a login starts with a state and a PKCE challenge that differ each time", async () => {
  const client = clientAt("https://login.example.com");

  const first = await client.startLogin();
  const second = await client.startLogin();

  const query = new URL(first.url).searchParams;
  assert.equal(first.url.split("?")[0], "https://login.example.com/launchpad/login");
  assert.equal(query.get("client_id"), APP.clientId);
  assert.equal(query.get("redirect_uri"), APP.redirectUri);
  assert.equal(query.get("state"), first.state);
  assert.equal(query.get("code_challenge_method"), "S256");
  assert.equal(query.get("code_challenge"), createHash("sha256").update(first.codeVerifier).digest("base64url"));
  assert.match(first.codeVerifier, /^[\w-]{43}$/);
  assert.equal(new Set([first.state, first.codeVerifier, second.state, second.codeVerifier]).size, 4);
});

test("the address of a login carries what was asked for, and neither secret nor verifier", async () => {
  const login = await clientAt("https://login.example.com/").startLogin({
    installation: "EU-12",
    loginHint: "dana+1@acme.example.com",
    prompt: "select_account consent",
    uiLocales: "de en",
    scope: "projects openid",
    redirectUri: "http://127.0.0.1:51234/callback",
  });

  const query = Object.fromEntries(new URL(login.url).searchParams);
  assert.equal(query.installation, "EU-12");
  assert.equal(query.login_hint, "dana+1@acme.example.com");
  assert.equal(query.prompt, "select_account consent");
  assert.equal(query.ui_locales, "de en");
  assert.equal(query.scope, "projects openid");
  assert.equal(query.redirect_uri, "http://127.0.0.1:51234/callback");
  assert.ok(!login.url.includes(login.codeVerifier));
  assert.ok(!("client_secret" in query));
});

test("what was not asked for is not in the address of a login", async () => {
  const { url } = await clientAt("https://login.example.com").startLogin();

  assert.doesNotMatch(url, /undefined|installation|login_hint|prompt|scope/);
});

test("an exchange sends code, credential, redirect URI and verifier as a form, and gives back the wire's own body", async (t) => {
  const { server, client } = await openClient(t, say(200, GRANT), { origin: "https://app.example.com" });

  const grant = await client.exchangeCode({ code: CODE, state: "s", codeVerifier: "v".repeat(43) });

  const { method, path, headers, form } = server.only();
  assert.equal(`${method} ${path}`, "POST /launchpad/v1/token.json");
  assert.equal(headers.origin, "https://app.example.com");
  assert.deepEqual(Object.fromEntries(form), {
    grant_type: "authorization_code",
    code: CODE,
    redirect_uri: APP.redirectUri,
    code_verifier: "v".repeat(43),
    client_id: APP.clientId,
    client_secret: APP.clientSecret,
  });
  assert.deepEqual(grant, GRANT);
});

test("a public app sends no client_secret, and without an origin no Origin is sent", async (t) => {
  const server = await listen(t, say(200, GRANT));
  const { clientSecret: _, ...publicApp } = APP;

  await createClient({ ...publicApp, issuer: server.url }).exchangeCode(CODE, { codeVerifier: "v".repeat(43) });

  assert.ok(!server.only().form.has("client_secret"));
  assert.equal(server.only().headers.origin, undefined);
});

test("a refresh sends the refresh token and gives back a whole new grant", async (t) => {
  const renewed = { ...GRANT, expires_in: 3600, refresh_token: "rt.2" };
  const { server, client } = await openClient(t, say(200, renewed));

  assert.deepEqual(await client.refresh("rt.1"), renewed);
  assert.equal(server.only().form.get("grant_type"), "refresh_token");
  assert.equal(server.only().form.get("refresh_token"), "rt.1");
});

test("a revocation names the token and its app, and needs no body in the answer", async (t) => {
  const { server, client } = await openClient(t, (response) => response.writeHead(200).end());

  assert.equal(await client.revoke(TOKEN), undefined);

  const { path, form } = server.only();
  assert.equal(path, "/oauth2/revoke");
  assert.equal(form.get("token"), TOKEN);
  assert.equal(form.get("client_id"), APP.clientId);
});

test("user info is asked for with the token in the header, and nowhere else", async (t) => {
  const { server, client } = await openClient(t, say(200, USER_INFO));

  assert.deepEqual(await client.userInfo(TOKEN), USER_INFO);
  assert.equal(server.only().path, "/launchpad/v1/userinfo.json");
  assert.equal(server.only().headers.authorization, `Bearer ${TOKEN}`);
});

test("text that is no token is refused before it is sent", async (t) => {
  const { server, client } = await openClient(t, say(200, USER_INFO));

  for (const text of ["", "a b", "a\r\nx-evil: 1", "ü", "x".repeat(3000)]) {
    await assert.rejects(client.userInfo(text), { name: "AppLoginError", code: "invalid_token" });
  }
  assert.deepEqual(server.seen, []);
});

test("a refusal keeps the server's word, status, request id and patience", async (t) => {
  const body = { error: "slow_down", error_description: "Too many.\nWait.", message: "Too many.", status: "error" };
  const { client } = await openClient(t, say(429, body, { "retry-after": "30", "x-request-id": "req-1" }));

  await assert.rejects(client.exchangeCode(CODE), {
    name: "AppLoginError",
    code: "slow_down",
    description: "Too many. Wait.",
    status: 429,
    requestId: "req-1",
    retryAfterSeconds: 30,
    retryable: true,
  });
});

test("a spent code is invalid_grant and not to be tried again", async (t) => {
  const { server, client } = await openClient(t, say(400, { error: "invalid_grant" }));

  await assert.rejects(client.exchangeCode(CODE), { code: "invalid_grant", status: 400, retryable: false });
  assert.equal(server.seen.length, 1);
});

test("a refusal without a body is told from its status", async (t) => {
  const bare = (status: number) => openClient(t, (response) => response.writeHead(status).end("<html>"));

  await assert.rejects((await bare(401)).client.exchangeCode(CODE), { code: "invalid_client" });
  await assert.rejects((await bare(401)).client.userInfo(TOKEN), { code: "invalid_token" });
  await assert.rejects((await bare(429)).client.exchangeCode(CODE), { code: "slow_down" });
  await assert.rejects((await bare(503)).client.exchangeCode(CODE), { code: "temporarily_unavailable" });
  await assert.rejects((await bare(500)).client.exchangeCode(CODE), { code: "server_error", retryable: false });
});

test("an exchange whose answer never comes is a timeout that must not be repeated", async (t) => {
  const { client } = await openClient(t, () => {}, { timeoutMs: 50 });

  await assert.rejects(client.exchangeCode(CODE), { code: "timeout", retryable: false });
});

test("an answer that never ends is a timeout", async (t) => {
  const { client } = await openClient(t, (response) => void response.writeHead(200).write("{"), { timeoutMs: 300 });

  await assert.rejects(client.userInfo(TOKEN), { code: "timeout", retryable: true });
});

test("an exchange cut off in the middle is not retryable, one that never left is", async (t) => {
  const { server, client } = await openClient(t, (response) => response.destroy());
  await assert.rejects(client.exchangeCode(CODE), { code: "network", retryable: false });
  assert.equal(server.seen.length, 1);

  await server.close();
  await assert.rejects(client.exchangeCode(CODE), { code: "network", retryable: true });
});

test("printing a client, or an error of its, shows no secret", async (t) => {
  const { client } = await openClient(t, say(401, { error: "invalid_client" }));
  const error = await client.exchangeCode(CODE, { codeVerifier: "v".repeat(43) }).catch((reason) => reason);
  assert.ok(error instanceof AppLoginError);

  for (const thing of [client, error]) {
    const printed = inspect(thing, { depth: 9, showHidden: true }) + JSON.stringify(thing);
    for (const secret of [APP.clientSecret, CODE, "v".repeat(43)]) assert.ok(!printed.includes(secret));
  }
});

test("options that cannot work are refused at once", () => {
  const refused: Partial<ClientOptions>[] = [
    { issuer: "login.example.com" },
    { issuer: "http://login.example.com" },
    { issuer: "https://login.example.com/path" },
    { issuer: "https://login.example.com?x=1" },
    { issuer: "https://me:secret@login.example.com" },
    { clientId: "" },
    { clientSecret: "" },
    { redirectUri: "/callback" },
    { timeoutMs: 0 },
  ];
  for (const options of refused) {
    assert.throws(() => clientAt("https://login.example.com", options), {
      name: "AppLoginError",
      code: "invalid_options",
    });
  }
});

test("the types say what is optional and what is not", () => {
  const check = async (client: ReturnType<typeof createClient>) => {
    const grant = await client.exchangeCode(CODE);
    const region: string = grant.installation.region;
    // @ts-expect-error: only apps with expiring tokens get one
    const refreshToken: string = grant.refresh_token;
    // @ts-expect-error: a callback is checked against something
    client.readCallback("/callback");
    // @ts-expect-error: no such code
    const wrong = new AppLoginError("no_such_code", "");
    return { region, refreshToken, wrong };
  };
  assert.equal(typeof check, "function");
});
