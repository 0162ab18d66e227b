import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { HOSTILE, listen, say } from "../test/loopback.ts";
import { APP, CODE, GRANT, TOKEN } from "../test/samples.ts";
import { createClient } from "./client.ts";

/** A client whose server says one thing. */
async function openClient(t: TestContext, respond: Parameters<typeof listen>[1]) {
  const server = await listen(t, respond);
  return { server, client: createClient({ ...APP, issuer: server.url }) };
}

for (const [what, respond] of Object.entries(HOSTILE)) {
  test(`${what} instead of an answer is server_error, and nothing follows it`, async (t) => {
    const { server, client } = await openClient(t, respond);

    const calls = [() => client.exchangeCode(CODE), () => client.refresh("rt.1"), () => client.userInfo(TOKEN)];
    for (const call of calls) {
      await assert.rejects(call, { name: "AppLoginError", code: "server_error" });
    }
    assert.equal(server.seen.length, calls.length);
  });
}

test("a grant with any one member missing or of another type is server_error", async (t) => {
  const broken: unknown[] = [
    { ...GRANT, token_type: "mac" },
    { ...GRANT, access_token: "a\nb" },
    { ...GRANT, scope: null },
    { ...GRANT, expires_in: "3600" },
    { ...GRANT, user: { ...GRANT.user, id: 0 } },
    { ...GRANT, user: { ...GRANT.user, company: undefined } },
    { ...GRANT, installation: { ...GRANT.installation, id: 2 ** 31 } },
    { ...GRANT, installation: { ...GRANT.installation, region: "us" } },
    { ...GRANT, installation: { ...GRANT.installation, chatEnabled: 1 } },
  ];
  let next: unknown;
  const { client } = await openClient(t, (response) => say(200, next)(response));

  for (next of broken) await assert.rejects(client.exchangeCode(CODE), { name: "AppLoginError", code: "server_error" });
});

test("an apiEndPoint that would carry the token in the clear is refused, and this machine is not", async (t) => {
  let apiEndPoint = "";
  const { client } = await openClient(t, (response) =>
    say(200, { ...GRANT, installation: { ...GRANT.installation, apiEndPoint } })(response),
  );

  for (apiEndPoint of [
    "http://acme.example.com/",
    "javascript:alert(1)",
    "//acme.example.com/",
    "http://localhost.evil.example/",
  ]) {
    await assert.rejects(client.exchangeCode(CODE), { code: "server_error", description: /apiEndPoint/ });
  }
  for (apiEndPoint of ["http://localhost:4400/demo/US/1/", "http://127.0.0.1/", "http://[::1]:1/"]) {
    assert.equal((await client.exchangeCode(CODE)).installation.apiEndPoint, apiEndPoint);
  }
});
