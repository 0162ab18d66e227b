import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { inspect } from "node:util";
import { HOSTILE, listen, say } from "../test/loopback.ts";
import { TOKEN } from "../test/samples.ts";
import { type Bearer, createGuard, requireScope } from "./guard.ts";
import { toResponse } from "./response.ts";
import type { ActiveToken } from "./wire.ts";

const CREDENTIAL = { id: "api 1", secret: "50% of a secret: ü+/" };

const ACTIVE: ActiveToken = {
  active: true,
  token_type: "Bearer",
  client_id: "714e6facf170413489dfab7a07c943f8ecf4622a",
  sub: "4711",
  user_id: 4711,
  installation_id: 12,
  region: "EU",
  scope: "projects desk",
  iat: 1_790_000_000,
};

/** A guard whose server says one thing. */
async function openGuard(t: TestContext, respond: Parameters<typeof listen>[1], timeoutMs = 10_000) {
  const server = await listen(t, respond);
  return { server, guard: createGuard({ issuer: server.url, credential: CREDENTIAL, timeoutMs }) };
}

test("a good token becomes a bearer that names region, installation, user, app and scopes", async (t) => {
  const { guard } = await openGuard(t, say(200, ACTIVE));

  assert.deepEqual(await guard(`Bearer ${TOKEN}`), {
    region: "EU",
    installationId: 12,
    userId: 4711,
    clientId: ACTIVE.client_id,
    scopes: ["projects", "desk"],
  });
});

test("the guard shows its credential form-encoded (RFC 6749 §2.3.1) and the token in the body", async (t) => {
  const { server, guard } = await openGuard(t, say(200, { ...ACTIVE, scope: "" }));

  assert.deepEqual((await guard(`bearer ${TOKEN}`)).scopes, []);

  const { method, path, headers, form } = server.only();
  assert.equal(`${method} ${path}`, "POST /oauth2/introspect");
  const [, basic = ""] = headers.authorization?.split("Basic ") ?? [];
  assert.equal(Buffer.from(basic, "base64").toString(), "api+1:50%25+of+a+secret%3A+%C3%BC%2B%2F");
  assert.equal(form.get("token"), TOKEN);
});

test("each request is asked for anew, so a revoked token stops at once", async (t) => {
  let answer: unknown = ACTIVE;
  const { guard } = await openGuard(t, (response) => say(200, answer)(response));
  await guard(`Bearer ${TOKEN}`);

  answer = { active: false };

  await assert.rejects(guard(`Bearer ${TOKEN}`), { code: "invalid_token", status: 401 });
});

test("a request without a bearer token is told the scheme, without an error (RFC 6750 §3)", async (t) => {
  const { server, guard } = await openGuard(t, say(200, ACTIVE));

  for (const authorization of [null, undefined, "", "Basic YTpi", "Bearertkn", TOKEN]) {
    await assert.rejects(guard(authorization), {
      code: "invalid_token",
      status: 401,
      wwwAuthenticate: `Bearer realm="${server.url}"`,
    });
  }
  assert.deepEqual(server.seen, []);
});

test("a malformed token is invalid_token and goes no further", async (t) => {
  const { server, guard } = await openGuard(t, say(200, ACTIVE));

  for (const token of ["", "a b", "a, Bearer b", "ü", "a\nb", "===", "x".repeat(3000)]) {
    await assert.rejects(guard(`Bearer ${token}`), {
      code: "invalid_token",
      status: 401,
      wwwAuthenticate: /^Bearer realm=".+", error="invalid_token", error_description=".+"$/,
    });
  }
  assert.deepEqual(server.seen, []);
});

test("a login server in trouble makes 503, never 401: a good token must not look bad", async (t) => {
  for (const status of [429, 500, 502, 503]) {
    const { guard } = await openGuard(t, say(status, { error: "x" }, { "retry-after": "5" }));
    await assert.rejects(guard(`Bearer ${TOKEN}`), {
      code: "temporarily_unavailable",
      status: 503,
      retryAfterSeconds: 5,
      retryable: true,
    });
  }
});

test("a login server that is away, silent or cut off makes 503", async (t) => {
  const silent = await openGuard(t, () => {}, 50);
  const cutOff = await openGuard(t, (response) => response.destroy());
  const away = await openGuard(t, () => {});
  await away.server.close();

  for (const { guard } of [silent, cutOff, away]) {
    await assert.rejects(guard(`Bearer ${TOKEN}`), { code: "temporarily_unavailable", status: 503 });
  }
});

test("a refused credential is the API's own fault, 500, and says so", async (t) => {
  for (const status of [401, 403]) {
    const { guard } = await openGuard(t, say(status, { error: "invalid_client" }));
    await assert.rejects(guard(`Bearer ${TOKEN}`), { code: "server_error", status: 500, description: /credential/ });
  }
});

for (const [what, respond] of Object.entries(HOSTILE)) {
  test(`${what} instead of an introspection lets nobody pass`, async (t) => {
    const { server, guard } = await openGuard(t, respond);

    await assert.rejects(guard(`Bearer ${TOKEN}`), { name: "AppLoginError", code: "server_error", status: 500 });
    assert.equal(server.seen.length, 1);
  });
}

test("an active token that leaves out any part of the bearer lets nobody pass", async (t) => {
  let answer: unknown;
  const { guard } = await openGuard(t, (response) => say(200, answer)(response));

  for (const member of ["client_id", "user_id", "installation_id", "region", "scope"] as const) {
    for (const value of [undefined, null, {}, -1]) {
      answer = { ...ACTIVE, [member]: value };
      await assert.rejects(guard(`Bearer ${TOKEN}`), { name: "AppLoginError", code: "server_error" });
    }
  }
});

test("a guard without a credential, or with an issuer in the clear, is refused at once", () => {
  const made = (issuer: string, secret: string) => () => createGuard({ issuer, credential: { id: "api", secret } });

  assert.throws(made("https://login.example.com", ""), { code: "invalid_options" });
  assert.throws(made("http://login.example.com", "s"), { code: "invalid_options" });
});

test("printing a guard, or an error of its, shows neither secret nor token", async (t) => {
  const { guard } = await openGuard(t, say(200, { active: false }));
  const error = await guard(`Bearer ${TOKEN}`).catch((reason) => reason);

  for (const thing of [guard, error]) {
    const printed = inspect(thing, { depth: 9, showHidden: true }) + JSON.stringify(thing);
    assert.ok(!printed.includes(CREDENTIAL.secret) && !printed.includes(TOKEN));
  }
});

test("a scope that was not granted is insufficient_scope, 403", () => {
  const bearer: Bearer = { region: "EU", installationId: 1, userId: 2, clientId: "c", scopes: ["projects"] };

  requireScope(bearer, "projects");

  assert.throws(() => requireScope(bearer, "desk"), { code: "insufficient_scope", status: 403 });
});

test("the API's answer to a refusal follows RFC 6750", async (t) => {
  const { server, guard } = await openGuard(t, say(200, { active: false }));
  const refuse = (authorization: string | null) => guard(authorization).then(() => assert.fail(), toResponse);

  const absent = await refuse(null);
  assert.equal(absent.status, 401);
  assert.equal(absent.headers.get("www-authenticate"), `Bearer realm="${server.url}"`);

  const inactive = await refuse(`Bearer ${TOKEN}`);
  assert.equal(inactive.status, 401);
  assert.match(inactive.headers.get("www-authenticate") ?? "", /error="invalid_token"/);
  assert.equal(inactive.headers.get("cache-control"), "no-store");
  assert.equal((await inactive.json()).error, "invalid_token");
});
