import assert from "node:assert/strict";
import { test } from "node:test";
import {
  basic,
  exchange,
  exchangeOf,
  isActive,
  newCode,
  newPkce,
  openScene,
  postForm,
  signedIn,
} from "../support/scene.ts";

// Every refused exchange counts for its address, and this file refuses more than a minute allows.
const scene = await openScene({}, { settings: { LATCHKEY_LIMITS: "off" } });
const { house, world, app } = scene;
const id = app.clientId;
const secret = app.clientSecret ?? "";
const { client_id: _, client_secret: __, ...withoutClient } = exchangeOf(app, "");

/** Each asks with a fresh code, so that only the client can be what is refused. */
async function ask(more: Record<string, unknown>, authorization?: string) {
  const code = await newCode(scene, app);
  return exchange(house, { ...withoutClient, code, ...more }, authorization ? { headers: { authorization } } : {});
}

test("Basic is form-decoded as RFC 6749 says, and taken raw as many clients send it", async () => {
  const encoded = (text: string) => [...text].map((one) => `%${one.charCodeAt(0).toString(16)}`).join("");
  for (const authorization of [
    basic(id, secret),
    basic(encodeURIComponent(id), encodeURIComponent(secret)),
    basic(encoded(id), encoded(secret)),
    basic(id, secret).replace("Basic", "basic"),
    basic(id, secret).replace("Basic", "BASIC  "),
    basic(id, secret).replace(/=+$/, ""),
  ])
    assert.equal((await ask({}, authorization)).status, 200, authorization);
});

test("Basic and body may both be there and must agree", async () => {
  for (const more of [{ client_id: id }, { client_id: id, client_secret: secret }, { client_secret: secret }])
    assert.equal((await ask(more, basic(id, secret))).status, 200, JSON.stringify(more));
  for (const more of [{ client_id: "" }, { client_secret: "" }, { client_id: "", client_secret: "" }])
    assert.equal((await ask(more, basic(id, secret))).status, 200, "sent without a value is not sent (RFC 6749 §3.2)");

  const other = await world.registerApp();
  for (const more of [
    { client_id: other.clientId },
    { client_secret: "wrong" },
    { client_id: other.clientId, client_secret: other.clientSecret },
  ]) {
    const refused = await ask(more, basic(id, secret));
    assert.equal(refused.status, 400, JSON.stringify(more));
    assert.equal(refused.body.error, "invalid_request");
  }
});

test("another Authorization scheme is a proxy's own, and ignored", async () => {
  for (const authorization of ["Bearer something", "Negotiate abc", "Digest username=x", "Basically x", "x"]) {
    assert.equal((await ask({ client_id: id, client_secret: secret }, authorization)).status, 200, authorization);
    assert.equal((await ask({}, authorization)).body.error, "invalid_client", authorization);
  }
});

test("who does not say who he is, or only half of it, is refused by 401", async () => {
  const refused = [
    await ask({}),
    await ask({ client_id: "" }),
    await ask({ client_id: " " }),
    await ask({ client_secret: secret }),
    await ask({ client_id: id }),
    await ask({ client_id: id, client_secret: "" }),
    await ask({ client_id: id, client_secret: "wrong" }),
    await ask({ client_id: id, client_secret: ` ${secret}` }),
    await ask({ client_id: id, client_secret: `${secret} ` }),
    await ask({ client_id: id, client_secret: secret.toUpperCase() }),
    await ask({ client_id: id, client_secret: secret.slice(0, -1) }),
    await ask({ client_id: "0".repeat(40), client_secret: secret }),
    await ask({ client_id: "__proto__", client_secret: secret }),
  ];
  for (const { status, body, headers } of refused) {
    assert.equal(status, 401);
    assert.equal(body.error, "invalid_client");
    assert.equal(headers.get("www-authenticate"), null, "only who used Basic is challenged");
  }
  const bodies = new Set(refused.slice(4).map(({ body }) => JSON.stringify(body)));
  assert.equal(bodies.size, 1, "unknown and wrong are one answer");
});

test("a Basic that cannot be read is refused by 401 and challenged", async () => {
  const encode = (bytes: string | Uint8Array) => `Basic ${Buffer.from(bytes).toString("base64")}`;
  for (const authorization of [
    "Basic",
    "Basic ",
    "Basic !!!",
    encode("nocolon"),
    encode(":"),
    encode(`:${secret}`),
    encode(`${id}:`),
    encode(`${id}:wrong`),
    encode(`${id}\0:${secret}`),
    encode(`${id}:${secret}\0`),
    encode(`${id}:${secret}%`),
    encode(`%:${secret}`),
    encode(Uint8Array.of(0xff, 0xfe, 0x3a, 0xff)),
    `${basic(id, secret)},${basic(id, secret)}`,
    `${basic(id, secret)} x`,
    `Basic ${"A".repeat(8_000)}`,
  ]) {
    const { status, body, headers } = await ask({}, authorization);
    assert.equal(status, 401, authorization);
    assert.equal(body.error, "invalid_client");
    assert.match(headers.get("www-authenticate") ?? "", /^Basic realm=/);
  }
});

test("client_id alone is trimmed", async () => {
  assert.equal((await ask({ client_id: `  ${id}\u00a0`, client_secret: secret })).status, 200);
});

test("several secrets live at once; one that is deleted or has expired is worth nothing from then on", async () => {
  const path = `/apps/${id}/secrets`;
  const { body: second } = await house.admin("POST", path, { name: "second" });
  const { body: short } = await house.admin("POST", path, { name: "short", expiresAt: house.deps.now() + 60 });
  const works = async (clientSecret: string) =>
    (await ask({ client_id: id, client_secret: clientSecret })).status === 200;
  assert.deepEqual(
    [await works(secret), await works(second.clientSecret), await works(short.clientSecret)],
    [true, true, true],
  );

  house.passSeconds(59);
  assert.equal(await works(short.clientSecret), true);
  house.passSeconds(1);
  assert.equal(await works(short.clientSecret), false);
  await house.admin("DELETE", `${path}/${second.id}`);
  assert.equal(await works(second.clientSecret), false);
  assert.equal(await works(secret), true);
});

test("a public app has no secret: one that is sent is wrong, an empty one is none", async () => {
  const open = await world.registerApp({ kind: "public", trusted: true });
  assert.equal(open.clientSecret, undefined);
  const askOpen = async (more: Record<string, unknown>, authorization?: string) => {
    const { verifier, parameters } = newPkce();
    const fields = exchangeOf(open, await newCode(scene, open, parameters), { code_verifier: verifier, ...more });
    return exchange(house, fields, authorization ? { headers: { authorization } } : {});
  };
  assert.equal((await askOpen({})).status, 200);
  assert.equal((await askOpen({ client_secret: "" })).status, 200);
  assert.equal((await askOpen({}, basic(open.clientId, ""))).status, 200);
  assert.equal((await askOpen({ client_secret: "any" })).body.error, "invalid_client");
  assert.equal((await askOpen({}, basic(open.clientId, "any"))).body.error, "invalid_client");
  assert.equal((await house.admin("POST", `/apps/${open.clientId}/secrets`, {})).status, 409);
});

test("a secret in the query is no secret", async () => {
  const code = await newCode(scene, app);
  const path = `/launchpad/v1/token.json?client_id=${id}&client_secret=${secret}`;
  const { status } = await postForm(house, path, { ...withoutClient, code });
  assert.equal(status, 401);
});

test("a suspended app cannot exchange, refresh or revoke, and its tokens sleep until it is live again", async () => {
  const sleeper = await world.registerApp({ trusted: true });
  const visitor = await signedIn(house, world, scene.user);
  const { body } = await exchange(house, exchangeOf(sleeper, await newCode({ visitor }, sleeper)));
  const code = await newCode({ visitor }, sleeper);
  await house.admin("PATCH", `/apps/${sleeper.clientId}`, { status: "suspended" });

  assert.equal((await exchange(house, exchangeOf(sleeper, code))).body.error, "invalid_client");
  const fields = { client_id: sleeper.clientId, client_secret: sleeper.clientSecret, token: body.access_token };
  assert.equal((await postForm(house, "/oauth2/revoke", fields)).status, 401);
  assert.equal((await postForm(house, "/oauth2/introspect", fields)).status, 401);
  assert.equal(await isActive(house, body.access_token), false);

  await house.admin("PATCH", `/apps/${sleeper.clientId}`, { status: "live" });
  assert.equal(await isActive(house, body.access_token), true);
});
