import assert from "node:assert/strict";
import { test } from "node:test";
import { exchange, exchangeOf, loginPath, newCode, openScene } from "../support/scene.ts";
import { requireLeft } from "../support/visitor.ts";

const OTHER_URI = "https://app.example.com/other";
const scene = await openScene({ redirectUris: ["https://app.example.com/callback", OTHER_URI] });
const { house, world, app, visitor } = scene;
const mallory = await world.registerApp({ name: "Mallory", trusted: true });

test("a code is worth nothing to another app, and stays good for its own", async () => {
  const code = await newCode(scene, app);

  const stolen = await exchange(house, exchangeOf(mallory, code));
  assert.equal(stolen.status, 400);
  assert.equal(stolen.body.error, "invalid_grant");

  assert.equal((await exchange(house, exchangeOf(app, code))).status, 200);
});

test("another app learns no more from a real code than from an invented one", async () => {
  const code = await newCode(scene, app);
  const invented = `00000000-0000-0000-0000-000000000000${code.slice(-3)}`;

  const [real, none] = await Promise.all(
    [code, invented].map(async (sent) => exchange(house, exchangeOf(mallory, sent))),
  );

  assert.deepEqual(real?.body, none?.body);
  assert.equal(real?.status, none?.status);
});

test("another app cannot end a code or its token, however often it tries", async () => {
  const code = await newCode(scene, app);
  for (let tries = 0; tries < 15; tries++) await exchange(house, exchangeOf(mallory, code));
  const bought = await exchange(house, exchangeOf(app, code));
  assert.equal(bought.status, 200);

  for (let tries = 0; tries < 3; tries++) await exchange(house, exchangeOf(mallory, code)); // a "replay" that is none

  const { status } = await house.fetch("/launchpad/v1/userinfo.json", {
    headers: { authorization: `Bearer ${bought.body.access_token}` },
  });
  assert.equal(status, 200);
});

test("a code is bound to the redirect URI it was sent to (RFC 6749 §4.1.3)", async () => {
  const wrong = [
    OTHER_URI,
    "https://app.example.com/callback/",
    "https://app.example.com/callback?x=1",
    "https://APP.example.com/callback",
    "https://evil.example/callback",
    "https://app.example.com/callback#",
  ];
  const code = await newCode(scene, app);
  for (const redirect_uri of wrong) {
    const refused = await exchange(house, exchangeOf(app, code, { redirect_uri }));
    assert.equal(refused.body.error, "invalid_grant", redirect_uri);
  }
  for (const redirect_uri of ["", undefined]) {
    const refused = await exchange(house, exchangeOf(app, code, { redirect_uri }));
    assert.equal(refused.body.error, "invalid_request");
  }
  assert.equal((await exchange(house, exchangeOf(app, code))).status, 200);
});

test("a redirect URI that is no longer registered buys nothing", async () => {
  const fickle = await world.registerApp({ trusted: true, redirectUris: ["https://old.example.com/", OTHER_URI] });
  const code = await newCode(scene, fickle);

  await house.admin("PATCH", `/apps/${fickle.clientId}`, { redirectUris: [OTHER_URI] });

  assert.equal((await exchange(house, exchangeOf(fickle, code))).body.error, "invalid_grant");
});

test("every answer to an app names the issuer and the app it is for (RFC 9207, mix-up)", async () => {
  for (const parameters of [{}, { prompt: "none" }, { response_type: "token" }, { code_challenge_method: "plain" }]) {
    const { left, answer } = requireLeft(await visitor.go(loginPath(app, parameters)));
    assert.deepEqual(answer.getAll("iss"), [house.config.url], left);
    assert.deepEqual(answer.getAll("client_id"), [app.clientId], left);
  }
});

test("a state cannot add an answer of its own", async () => {
  const state = "s&code=forged&iss=https://evil.example";
  const { answer } = requireLeft(await visitor.go(loginPath(app, { state })));

  assert.equal(answer.get("state"), state);
  assert.equal(answer.getAll("code").length, 1);
  assert.deepEqual(answer.getAll("iss"), [house.config.url]);
});

test("only the region that made a code knows it: no other name at its end works", async () => {
  const code = await newCode(scene, app);
  const random = code.replace(/-[A-Z]+$/, "");
  for (const forged of [
    `${random}-EU`,
    `${random}-us`,
    `${random}-XX`,
    `${random}-`,
    random,
    `${random}-US-US`,
    `${random}-__proto__`,
    code.toUpperCase(),
    ` ${code}`,
    `${code} `,
    `${code}\u00a0`,
  ])
    assert.equal((await exchange(house, exchangeOf(app, forged))).body.error, "invalid_grant", forged);
  assert.equal((await exchange(house, exchangeOf(app, code))).status, 200);
});
