import assert from "node:assert/strict";
import { test } from "node:test";
import { hashSecret } from "../../src/secrets.ts";
import { exchange, exchangeOf, isActive, newCode, newPkce, openScene, postForm, signedIn } from "../support/scene.ts";

const scene = await openScene();
const { house, world, app } = scene;

/** Tests here turn the clock, so the first session may have ended. */
const signedInAnew = () => signedIn(house, world, scene.user);

test("a replay ends the token also when it is late, wrong in everything else, or at the other door", async () => {
  const replays: ((code: string) => Promise<{ body: { error: string } }>)[] = [
    (code) => exchange(house, exchangeOf(app, code, { redirect_uri: "https://wrong.example/" })),
    (code) => exchange(house, exchangeOf(app, code, { code_verifier: "v".repeat(43) })),
    (code) => postForm(house, "/oauth2/token", exchangeOf(app, code, { grant_type: "authorization_code" })),
    (code) => {
      house.passSeconds(20 * 60);
      return exchange(house, exchangeOf(app, code));
    },
    async (code) => {
      house.passSeconds(400 * 24 * 3_600);
      const { store, now } = house.deps.regions.require("US");
      assert.ok((await store.codes.purge(now())) > 0, "the code itself is gone by then");
      return exchange(house, exchangeOf(app, code));
    },
  ];
  for (const replay of replays) {
    const code = await newCode({ visitor: await signedInAnew() }, app);
    const { body } = await exchange(house, exchangeOf(app, code));
    assert.equal(await isActive(house, body.access_token), true);

    assert.equal((await replay(code)).body.error, "invalid_grant");

    assert.equal(await isActive(house, body.access_token), false);
  }
});

test("a replay ends the refresh token and all that came of it", async () => {
  const expiring = await world.registerApp({ trusted: true, tokens: "expiring" });
  const code = await newCode({ visitor: await signedInAnew() }, expiring);
  const first = await exchange(house, exchangeOf(expiring, code));
  const refresh = (token: string) =>
    exchange(house, { ...exchangeOf(expiring, ""), grant_type: "refresh_token", refresh_token: token });
  const second = await refresh(first.body.refresh_token);
  assert.equal(second.status, 200);

  await exchange(house, exchangeOf(expiring, code));

  for (const { body } of [first, second]) assert.equal(await isActive(house, body.access_token), false);
  assert.equal((await refresh(second.body.refresh_token)).body.error, "invalid_grant");
});

test("a public app's replay counts with the verifier, and without it ends nobody's token", async () => {
  const open = await world.registerApp({ kind: "public", trusted: true });
  const { verifier, parameters } = newPkce();
  const code = await newCode({ visitor: await signedInAnew() }, open, parameters);
  const { body } = await exchange(house, exchangeOf(open, code, { code_verifier: verifier }));

  for (const more of [{}, { code_verifier: "x".repeat(43) }, { code_verifier: verifier, client_secret: "guess" }])
    assert.ok((await exchange(house, exchangeOf(open, code, more))).status >= 400);
  assert.equal(await isActive(house, body.access_token), true, "a thief of the code alone does not log anybody out");

  const replay = await exchange(house, exchangeOf(open, code, { code_verifier: verifier }));
  assert.equal(replay.body.error, "invalid_grant");
  assert.equal(await isActive(house, body.access_token), false);
});

test("of many exchanges at once, at both doors and of a public app too, one is answered", async () => {
  const open = await world.registerApp({ kind: "public", trusted: true, tokens: "expiring" });
  const { verifier, parameters } = newPkce();
  const code = await newCode({ visitor: await signedInAnew() }, open, parameters);
  const fields = exchangeOf(open, code, { code_verifier: verifier, grant_type: "authorization_code" });

  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, number) =>
      number % 2 === 0 ? exchange(house, fields) : postForm(house, "/oauth2/token", fields),
    ),
  );

  const won = answers.filter(({ status }) => status === 200);
  assert.equal(won.length, 1);
  for (const { status, body } of answers)
    if (status !== 200) {
      assert.equal(body.error, "invalid_grant");
      assert.equal("access_token" in body, false);
    }
  assert.equal(await isActive(house, won[0]?.body.access_token), false, "the others were replays");
});

test("of two exchanges of a code whose first answer was lost one is answered, and the other ends its token", async () => {
  for (let round = 0; round < 10; round++) {
    const code = await newCode({ visitor: await signedInAnew() }, app);
    const { body: lost } = await exchange(house, exchangeOf(app, code));
    await house.deps.unseenTokens.note(hashSecret(code), hashSecret(lost.access_token));

    const both = await Promise.all([exchange(house, exchangeOf(app, code)), exchange(house, exchangeOf(app, code))]);

    const told = both.flatMap(({ body }) => (body.access_token === undefined ? [] : [body.access_token]));
    assert.equal(told.length, 1);
    for (const token of [lost.access_token, ...told]) assert.equal(await isActive(house, token), false);
  }
});

test("every login gives a code of its own, also when two ask at the same moment", async () => {
  const visitor = await signedInAnew();
  const codes = await Promise.all(Array.from({ length: 10 }, () => newCode({ visitor }, app)));

  assert.equal(new Set(codes).size, 10);
  for (const code of codes) assert.match(code, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-US$/);
});
