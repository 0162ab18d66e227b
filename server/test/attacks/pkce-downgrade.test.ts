import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { exchange, exchangeOf, loginPath, newCode, newPkce, openScene, postForm } from "../support/scene.ts";
import { requireLeft } from "../support/visitor.ts";

const scene = await openScene();
const { house, world, app, visitor } = scene;
const open = await world.registerApp({ kind: "public", trusted: true });
const compat = await world.registerApp({ trusted: true, pkceCompat: true });

const doors = ["/launchpad/login", "/oauth2/authorize"];
const goTo = async (path: string) => requireLeft(await visitor.go(path)).answer;

test("a challenge that is not plainly S256 is refused and told to the app, never ignored", async () => {
  const { challenge } = newPkce();
  const wrong: Record<string, string | undefined>[] = [
    { code_challenge: challenge },
    { code_challenge: challenge, code_challenge_method: "plain" },
    { code_challenge: challenge, code_challenge_method: "s256" },
    { code_challenge: challenge, code_challenge_method: "S512" },
    { code_challenge: challenge, code_challenge_method: "S256 " },
    { code_challenge: challenge.slice(1), code_challenge_method: "S256" },
    { code_challenge: `${challenge}=`, code_challenge_method: "S256" },
    { code_challenge: `${challenge}A`, code_challenge_method: "S256" },
    { code_challenge: challenge.replace(/.$/, "+"), code_challenge_method: "S256" },
    { code_challenge: ` ${challenge}`, code_challenge_method: "S256" },
    { code_challenge_method: "S256" },
  ];
  for (const door of doors)
    for (const one of [app, open])
      for (const parameters of wrong) {
        const answer = await goTo(loginPath(one, { ...parameters, response_type: "code", state: "s" }, door));
        assert.equal(answer.get("error"), "invalid_request", JSON.stringify(parameters));
        assert.equal(answer.get("state"), "s");
        assert.equal(answer.has("code"), false);
      }
});

test("a public app gets no code without a challenge", async () => {
  for (const door of doors)
    for (const parameters of [{}, { code_challenge: "", code_challenge_method: "" }, { code_challenge: "" }]) {
      const answer = await goTo(loginPath(open, { ...parameters, response_type: "code" }, door));
      assert.equal(answer.get("error"), "invalid_request");
    }
});

test("a stored challenge must be answered, by its own verifier alone", async () => {
  const { verifier, challenge, parameters } = newPkce();
  const wrong = [
    undefined,
    "",
    newPkce().verifier,
    challenge, // what "plain" would take
    verifier.slice(1),
    `${verifier}A`,
    `${verifier} `,
    verifier.toUpperCase(),
  ];
  for (const one of [app, open]) {
    const code = await newCode(scene, one, parameters);
    for (const code_verifier of wrong) {
      const answer = await exchange(house, exchangeOf(one, code, { code_verifier }));
      assert.equal(answer.body.error, "invalid_grant", code_verifier);
    }
    assert.equal((await exchange(house, exchangeOf(one, code, { code_verifier: verifier }))).status, 200);
  }
});

test("a verifier that RFC 7636 does not allow is refused even where its hash fits", async () => {
  for (const verifier of ["short", "v".repeat(42), "v".repeat(129), `${"v".repeat(43)}+`, `${"v".repeat(43)}ä`]) {
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const code = await newCode(scene, app, { code_challenge: challenge, code_challenge_method: "S256" });
    const answer = await exchange(house, exchangeOf(app, code, { code_verifier: verifier }));
    assert.equal(answer.body.error, "invalid_grant", verifier);
  }
  for (const verifier of ["v".repeat(43), "-._~".repeat(32)]) {
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const code = await newCode(scene, app, { code_challenge: challenge, code_challenge_method: "S256" });
    assert.equal((await exchange(house, exchangeOf(app, code, { code_verifier: verifier }))).status, 200);
  }
});

test("a verifier without a challenge at login is refused (RFC 9700 §2.1.1)", async () => {
  const code = await newCode(scene, app);
  const answer = await exchange(house, exchangeOf(app, code, { code_verifier: newPkce().verifier }));
  assert.equal(answer.body.error, "invalid_grant");

  assert.equal((await exchange(house, exchangeOf(app, code, { code_verifier: "" }))).status, 200, "empty is absent");
});

test("the switch pkceCompat lets the challenge stand for the verifier, for that app alone and at both doors", async () => {
  const send = {
    guide: (fields: Record<string, unknown>) => exchange(house, fields),
    oauth: (fields: Record<string, unknown>) =>
      postForm(house, "/oauth2/token", { ...fields, grant_type: "authorization_code" }),
  };
  for (const post of Object.values(send)) {
    const { verifier, challenge, parameters } = newPkce();
    const [one, two, foreign] = await Promise.all([
      newCode(scene, compat, parameters),
      newCode(scene, compat, parameters),
      newCode(scene, app, parameters),
    ]);
    assert.equal((await post(exchangeOf(compat, one, { code_verifier: challenge }))).status, 200);
    assert.equal((await post(exchangeOf(compat, two, { code_verifier: newPkce().challenge }))).status, 400);
    assert.equal((await post(exchangeOf(compat, two))).status, 400, "still not without any");
    assert.equal((await post(exchangeOf(compat, two, { code_verifier: verifier }))).status, 200);
    assert.equal((await post(exchangeOf(app, foreign, { code_verifier: challenge }))).status, 400);
  }
});

test("no public app can have the switch", async () => {
  const body = { name: "App", kind: "public", redirectUris: ["https://app.example.com/"], pkceCompat: true };
  assert.equal((await house.admin("POST", "/apps", body)).status, 422);
  assert.equal((await house.admin("PATCH", `/apps/${open.clientId}`, { pkceCompat: true })).status, 422);
});
