import assert from "node:assert/strict";
import { test } from "node:test";
import { basic, exchange, exchangeOf, newCode, newPkce, openScene, postForm, postJson } from "../support/scene.ts";

// wire.md section 4: what the exchange accepts. Client authentication, PKCE and origins are in attacks/.

const scene = await openScene({ redirectUris: ["https://app.example.com/cb?a=1", "http://localhost/cb"] });
const { house, world, app } = scene;

const fields = async (more: Record<string, unknown> = {}) => exchangeOf(app, await newCode(scene, app), more);
const encoded = (all: Record<string, unknown>) => new URLSearchParams(all as Record<string, string>).toString();

function multipart(all: Record<string, unknown>, boundary = "----x"): string {
  const parts = Object.entries(all).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${parts.join("")}--${boundary}--\r\n`;
}

test("both addresses take JSON, urlencoded and multipart bodies", async () => {
  for (const path of ["/launchpad/v1/token.json", "/launchpad/v1/token"]) {
    assert.equal((await postJson(house, path, await fields())).status, 200);
    assert.equal((await postForm(house, path, await fields())).status, 200);
    const headers = { "content-type": "multipart/form-data; boundary=----x" };
    assert.equal((await postForm(house, path, multipart(await fields()), { headers })).status, 200);
    const form = new FormData();
    for (const [name, value] of Object.entries(await fields())) form.set(name, String(value));
    assert.equal((await house.fetch(path, { method: "POST", body: form })).status, 200, "as fetch writes it");
  }
});

test("a body that begins with { is JSON whatever the header says", async () => {
  for (const type of [
    "application/x-www-form-urlencoded",
    "text/plain;charset=UTF-8",
    "application/json; charset=utf-8",
    "APPLICATION/JSON",
    "multipart/form-data; boundary=x",
    "",
  ])
    for (const before of ["", " ", "\r\n\t ", "\ufeff"]) {
      const body = before + JSON.stringify(await fields());
      const { status } = await postJson(house, "/launchpad/v1/token.json", body, { headers: { "content-type": type } });
      assert.equal(status, 200, `${type} ${JSON.stringify(before)}`);
    }
  const untyped = new Blob([JSON.stringify(await fields())]);
  assert.equal((await house.fetch("/launchpad/v1/token.json", { method: "POST", body: untyped })).status, 200);
});

test("in JSON the last of two counts, unknown fields are ignored, and only client_id is trimmed", async () => {
  const text = JSON.stringify(await fields()).replace("{", '{"code":"first","redirect_uri":7,');
  assert.equal((await exchange(house, text)).status, 200);
  const unknown = { scope: "anything", state: "s", iss: 1, nested: { a: [1] }, audience: null };
  assert.equal((await exchange(house, await fields(unknown))).status, 200);
  assert.equal((await postForm(house, "/launchpad/v1/token", `${encoded(await fields())}&x=1&x=2`)).status, 200);
  assert.equal(
    (await exchange(house, await fields({ client_id: `\t ${app.clientId} `.trim().padStart(45) }))).status,
    200,
  );
  const padded = await fields();
  for (const name of ["code", "client_secret", "redirect_uri"])
    assert.notEqual((await exchange(house, { ...padded, [name]: ` ${padded[name]}` })).status, 200, name);
  assert.equal((await exchange(house, padded)).status, 200);
});

test("a field that this exchange does not know may be anything but control characters", async () => {
  assert.equal((await exchange(house, await fields({ scope: 5, extra: { deep: [1] } }))).status, 200);
  const twice = `${encoded(await fields())}&scope=a&scope=b`;
  assert.equal((await postForm(house, "/launchpad/v1/token.json", twice)).status, 200);
  for (const extra of ["a\u0000", { deep: ["a\u0007"] }, { "na\u0000me": 1 }])
    assert.equal((await exchange(house, await fields({ extra }))).status, 400);
});

test("grant_type may be absent, empty, authorization_code, or client_credentials beside a code", async () => {
  for (const grant_type of [undefined, "", "authorization_code", "client_credentials"])
    assert.equal((await exchange(house, await fields({ grant_type }))).status, 200, grant_type);
  for (const grant_type of [
    "password",
    "refresh_token",
    "implicit",
    "Authorization_Code",
    "urn:ietf:params:oauth:grant-type:device_code",
  ])
    assert.equal(
      (await exchange(house, await fields({ grant_type }))).body.error,
      "unsupported_grant_type",
      grant_type,
    );
  const noCode = { client_id: app.clientId, client_secret: app.clientSecret, grant_type: "client_credentials" };
  assert.equal((await exchange(house, noCode)).body.error, "unsupported_grant_type");
});

test("redirect_uri may be the whole address of the callback, with what the server appended to it", async () => {
  const base = "https://app.example.com/cb?a=1";
  const good = [
    base,
    `${base}&code=x&state=y&client_id=z&iss=w`,
    `${base}&code=&state`,
    "https://app.example.com/cb?code=x&a=1&state=s",
    `${base}&state=a%26b&code=${"c".repeat(36)}&code=again`,
  ];
  for (const redirect_uri of good)
    assert.equal((await exchange(house, await fields({ redirect_uri }))).status, 200, redirect_uri);
  const code = await newCode(scene, app);
  for (const redirect_uri of [
    "https://app.example.com/cb",
    "https://app.example.com/cb?a=2",
    `${base}&error=x`,
    `${base}&session_state=x`,
    `${base}&CODE=x`,
    `${base}&`,
    "https://app.example.com/cb?code=x",
    "http://localhost/cb",
  ]) {
    const { body } = await exchange(house, exchangeOf(app, code, { redirect_uri }));
    assert.equal(body.error, "invalid_grant", redirect_uri);
  }
});

test("what has a fragment is no redirect URI, wherever the fragment hides", async () => {
  for (const end of ["#x", "&code=1#x", "&code=1&state=#"]) {
    const { status, body } = await exchange(
      house,
      await fields({ redirect_uri: `https://app.example.com/cb?a=1${end}` }),
    );
    assert.equal(status, 400, end);
    assert.equal(body.error, "invalid_grant", end);
  }
});

test("a query that is left empty goes with its question mark", async () => {
  const plain = await world.registerApp({ trusted: true, redirectUris: ["https://app.example.com/cb"] });
  for (const rest of ["", "?code=x&state=s", "?code=x", "?iss=&client_id="]) {
    const redirect_uri = `https://app.example.com/cb${rest}`;
    const { status } = await exchange(house, exchangeOf(plain, await newCode(scene, plain), { redirect_uri }));
    assert.equal(status, 200, rest);
  }
});

test("a loopback app exchanges with the port it logged in with", async () => {
  const redirect_uri = "http://localhost:53682/cb";
  const code = await newCode(scene, app, { redirect_uri });
  assert.equal((await exchange(house, exchangeOf(app, code, { redirect_uri: "http://localhost/cb" }))).status, 400);
  const { status } = await exchange(house, exchangeOf(app, code, { redirect_uri: `${redirect_uri}?code=${code}` }));
  assert.equal(status, 200);
});

test("a client that probes Basic first and then retries in the body gets its token", async () => {
  const code = await newCode(scene, app);
  const probe = await exchange(
    house,
    { code, redirect_uri: app.redirectUri },
    { headers: { authorization: basic(app.clientId, "x") } },
  );
  assert.equal(probe.status, 401);
  assert.equal((await exchange(house, exchangeOf(app, code))).status, 200);
});

test("each refusal says the same four things, under the status that the table gives it", async () => {
  const code = await newCode(scene, app);
  const own = exchangeOf(app, code);
  const open = await world.registerApp({ kind: "public", trusted: true });
  const { parameters } = newPkce();
  const publicCode = await newCode(scene, open, parameters);
  const listed = await world.registerApp({ allowedOrigins: ["https://app.example.com"] });
  const cases: [unknown, number, string][] = [
    ["", 400, "invalid_request"],
    ["{", 400, "invalid_request"],
    [{ ...own, code: undefined }, 400, "invalid_request"],
    [{ ...own, redirect_uri: undefined }, 400, "invalid_request"],
    [{ ...own, code: 1 }, 400, "invalid_request"],
    [{ ...own, code: "unknown" }, 400, "invalid_grant"],
    [{ ...own, redirect_uri: "https://app.example.com/" }, 400, "invalid_grant"],
    [{ ...own, code_verifier: "v".repeat(43) }, 400, "invalid_grant"],
    [exchangeOf(open, publicCode), 400, "invalid_grant"],
    [{ ...own, grant_type: "password" }, 400, "unsupported_grant_type"],
    [{ ...own, client_id: undefined }, 401, "invalid_client"],
    [{ ...own, client_secret: "wrong" }, 401, "invalid_client"],
    [exchangeOf(listed, code), 403, "origin_not_allowed"],
  ];
  for (const [sent, status, error] of cases) {
    const answer = await exchange(house, sent);
    assert.equal(answer.status, status, JSON.stringify(sent));
    assert.equal(answer.headers.get("content-type"), "application/json");
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.equal(answer.headers.get("pragma"), "no-cache");
    const { error_description: description } = answer.body;
    assert.deepEqual(answer.body, { error, error_description: description, message: description, status: "error" });
    assert.match(description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/, "the characters of RFC 6749 §5.2");
  }
  assert.equal((await exchange(house, own)).status, 200, "and none of them spent the code");
});

test("the wrong method is a 405 that names the right ones", async () => {
  for (const path of ["/launchpad/v1/token.json", "/launchpad/v1/token", "/oauth2/token"])
    for (const method of ["GET", "HEAD", "PUT", "PATCH", "DELETE"]) {
      const answer = await house.fetch(path, { method });
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.headers.get("allow"), "POST, OPTIONS");
      if (method !== "HEAD") assert.equal((await answer.json()).error, "invalid_request");
    }
});
