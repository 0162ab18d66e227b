import assert from "node:assert/strict";
import { test } from "node:test";
import { exchange, exchangeOf, newCode, openScene, postForm } from "../support/scene.ts";

const scene = await openScene();
const { house, world, app, user } = scene;
const { body: grant } = await exchange(house, exchangeOf(app, await newCode(scene, app)));
const token: string = grant.access_token;
const encoded = token.slice("tkn.v1_".length);
const readable = Buffer.from(encoded, "base64").toString();

const DOORS = ["/launchpad/v1/userinfo.json", "/oauth2/userinfo", "/verify"];
const ask = (path: string, authorization?: string) =>
  house.fetch(path, authorization === undefined ? {} : { headers: { authorization } });

const encode = (text: string) => `tkn.v1_${Buffer.from(text).toString("base64")}`;

/** Other base64 texts that a decoder takes for the same bytes. */
function otherSpellings(): string[] {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const padding = encoded.match(/=*$/)?.[0] ?? "";
  const bare = encoded.slice(0, encoded.length - padding.length);
  const lastBits = [...alphabet].map((letter) => bare.slice(0, -1) + letter + padding);
  return [bare, `${bare}=`, `${bare}===`, `${encoded}=`, ...lastBits, encoded.replaceAll("+", "-").replaceAll("/", "_")]
    .filter((text) => text !== encoded && Buffer.from(text, "base64").toString() === readable)
    .map((text) => `tkn.v1_${text}`);
}

test("the token itself is let in, however the scheme's name is written", async () => {
  for (const path of DOORS)
    for (const scheme of ["Bearer ", "bearer ", "BEARER ", "Bearer   "])
      assert.equal((await ask(path, `${scheme}${token}`)).status, 200, `${path} ${scheme}`);
});

test("only the canonical spelling is a token", async () => {
  const forged = [
    ...otherSpellings(),
    encoded,
    token.toLowerCase(),
    token.toUpperCase(),
    token.replace("tkn.v1_", "TKN.V1_"),
    token.replace("tkn.v1_", "tkn.v2_"),
    token.replace("tkn.v1_", "rfr.v1_"),
    token.replace("tkn.v1_", "tkn.v1_tkn.v1_"),
    `${token}.`,
    token.slice(0, -4),
    encode(`${readable} `),
    encode(readable.toUpperCase()),
    encode(readable.replace(/US$/, "EU")),
    encode(readable.replace(/US$/, "XX")),
    encode(readable.replace(/US$/, "__proto__")),
    encode(readable.replace(/US$/, "constructor")),
    encode(readable.replace(/\.\d+\.US$/, `.${user.id + 1}.US`)),
    encode(readable.replace(/-\d+\./, `-${user.installation.id + 1}.`)),
    encode(readable.replace(/-\d+\./, "-0.")),
    encode(readable.replace(/-\d+\./, "-01.")),
    encode(readable.replace(/-\d+\./, "-2147483648.")),
    encode(readable.replace(/-\d+\./, "-9999999999.")),
    encode(readable.replace(/^./, (digit) => (digit === "0" ? "1" : "0"))),
    encode(""),
    encode("\0".repeat(36)),
    `tkn.v1_${Buffer.from(readable, "utf16le").toString("base64")}`,
    "tkn.v1_",
    await newCode(scene, app),
    app.clientSecret ?? "",
  ];
  assert.ok(otherSpellings().length >= 2);
  for (const path of DOORS)
    for (const wrong of forged) {
      const { status, headers } = await ask(path, `Bearer ${wrong}`);
      assert.equal(status, 401, wrong);
      assert.match(headers.get("www-authenticate") ?? "", /^Bearer realm="Latchkey", error="invalid_token"/);
    }
});

test("a header that is odd in any way is a 401, never a 400, 404 or 500", async () => {
  const odd = [
    "Bearer",
    "Bearer ",
    `Bearer ${token} x`,
    `Bearer ${token},Bearer ${token}`,
    `Bearer "${token}"`,
    `Bearer token="${token}"`,
    `Bearer\t${token}`,
    `Bearer:${token}`,
    `Bearer${token}`,
    token,
    `Token ${token}`,
    `Basic ${token}`,
    `Basic ${Buffer.from(`x:${token}`).toString("base64")}`,
    `DPoP ${token}`,
    "Bearer \u00e4\u00f6\u00ff",
    "Bearer %00%0a",
    `Bearer ${"A".repeat(8_000)}`,
    `Bearer tkn.v1_${"A".repeat(8_000)}`,
    "",
    " ",
  ];
  for (const path of DOORS)
    for (const header of odd) {
      const { status, headers } = await ask(path, header);
      assert.equal(status, 401, header.slice(0, 40));
      const challenge = headers.get("www-authenticate") ?? "";
      assert.match(challenge, /^Bearer realm="Latchkey"/);
      assert.equal(/error=/.test(challenge), /^bearer(?: |$)/i.test(header.trim()) && header.trim() !== "", header);
    }
});

test("a token elsewhere than in the header is not seen (RFC 6750 §2.2, §2.3 are not offered)", async () => {
  for (const path of DOORS) {
    const { status, headers } = await ask(`${path}?access_token=${encodeURIComponent(token)}`);
    assert.equal(status, 401, path);
    assert.equal(headers.get("www-authenticate"), 'Bearer realm="Latchkey"', "absent, so nothing is said about it");
    const cookie = await house.fetch(path, {
      headers: { cookie: `access_token=${token}; Authorization=Bearer ${token}` },
    });
    assert.equal(cookie.status, 401);
  }
  assert.equal((await postForm(house, "/oauth2/userinfo", { access_token: token })).status, 401);
  const both = await ask(`/oauth2/userinfo?access_token=${encodeURIComponent(token)}`, "Bearer x");
  assert.equal(both.status, 401);
});

test("a refresh token is no access token, nor the other way round", async () => {
  const expiring = await world.registerApp({ trusted: true, tokens: "expiring" });
  const { body } = await exchange(house, exchangeOf(expiring, await newCode(scene, expiring)));
  assert.match(body.refresh_token, /^rfr\.v1_/);
  for (const path of DOORS) assert.equal((await ask(path, `Bearer ${body.refresh_token}`)).status, 401);
  const fields = { ...exchangeOf(expiring, ""), grant_type: "refresh_token" };
  for (const refresh_token of [
    body.access_token,
    body.refresh_token.replace("rfr", "tkn"),
    `${body.refresh_token}=`,
    "x",
  ]) {
    const refused = await exchange(house, { ...fields, refresh_token });
    assert.equal(refused.body.error, "invalid_grant", refresh_token);
  }
  assert.equal((await exchange(house, { ...fields, refresh_token: body.refresh_token })).status, 200);
});
