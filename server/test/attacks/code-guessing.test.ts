import assert from "node:assert/strict";
import { test } from "node:test";
import { exchange, exchangeOf, newCode, newPkce, openScene } from "../support/scene.ts";

const REFUSALS_MAX = 10;

const scene = await openScene();
const { house, world, app } = scene;
const wrongUri = { redirect_uri: "https://wrong.example/" };

test("after 10 refusals of its own app a code is dead, even for the right request", async () => {
  const { verifier, parameters } = newPkce();
  const right = { code_verifier: verifier };
  const [dead, alive] = [await newCode(scene, app, parameters), await newCode(scene, app, parameters)];
  for (let tries = 0; tries < REFUSALS_MAX; tries++)
    await exchange(house, exchangeOf(app, dead, tries % 2 === 0 ? wrongUri : { code_verifier: newPkce().verifier }));
  for (let tries = 0; tries < REFUSALS_MAX - 1; tries++) await exchange(house, exchangeOf(app, alive, wrongUri));

  assert.equal((await exchange(house, exchangeOf(app, dead, right))).body.error, "invalid_grant");
  assert.equal((await exchange(house, exchangeOf(app, alive, right))).status, 200);
});

test("guesses sent all at once count each", async () => {
  const { verifier, parameters } = newPkce();
  const code = await newCode(scene, app, parameters);
  await Promise.all(Array.from({ length: REFUSALS_MAX }, () => exchange(house, exchangeOf(app, code, wrongUri))));

  const late = await exchange(house, exchangeOf(app, code, { code_verifier: verifier }));
  assert.equal(late.body.error, "invalid_grant");
});

test("a public app's code dies of guessed verifiers just so", async () => {
  const open = await world.registerApp({ kind: "public", trusted: true });
  const { verifier, parameters } = newPkce();
  const code = await newCode(scene, open, parameters);
  for (let tries = 0; tries < REFUSALS_MAX; tries++)
    await exchange(house, exchangeOf(open, code, { code_verifier: newPkce().verifier }));

  const late = await exchange(house, exchangeOf(open, code, { code_verifier: verifier }));
  assert.equal(late.body.error, "invalid_grant");
});

test("requests that fail before the code is looked at do not count against it", async () => {
  const code = await newCode(scene, app);
  for (let tries = 0; tries < REFUSALS_MAX + 5; tries++) {
    await exchange(house, exchangeOf(app, code, { client_secret: "wrong" }));
    await exchange(house, exchangeOf(app, code, { redirect_uri: undefined }));
    await exchange(house, exchangeOf(app, code, { grant_type: "password" }));
  }
  assert.equal((await exchange(house, exchangeOf(app, code))).status, 200);
});

test("codes and tokens hold 128 random bits: none shares a part with another", async () => {
  const seen = new Set<string>();
  for (let count = 0; count < 20; count++) {
    const code = await newCode(scene, app);
    const { body } = await exchange(house, exchangeOf(app, code));
    const token = Buffer.from(body.access_token.slice("tkn.v1_".length), "base64").toString();
    for (const text of [code, token]) {
      const random = text.slice(0, 36).replaceAll("-", "");
      assert.match(random, /^[0-9a-f]{32}$/);
      // Halves, so that a counter or a time in either would show.
      seen.add(random.slice(0, 16)).add(random.slice(16));
    }
    assert.ok(!token.startsWith(code.slice(0, 36)), "the token does not derive from the code");
  }
  assert.equal(seen.size, 80);
});
