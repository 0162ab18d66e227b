import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { databasesOf, rowsOf } from "../support/rows.ts";
import { basic, exchange, exchangeOf, loginPath, newPkce, openScene, postForm } from "../support/scene.ts";
import { requireLeft, requirePage, Visitor } from "../support/visitor.ts";

const ADDRESS = "203.0.113.177";
const STATE = "state-that-nobody-should-see";
const EMAIL = "planted.person@example.com";
const PASSWORD = "planted password of a person";
const WRONG_PASSWORD = "planted wrong password";
const TYPED_EMAIL = "planted.stranger@example.com";
const FIRST_NAME = "Plantedfirstname";
const USER_AGENT = "PlantedAgent/1.0";

/** One whole life of a login, with what can go wrong at each step; all that must stay secret, by name. */
async function liveThrough() {
  const scene = await openScene();
  const { house, world } = scene;
  const place = await world.addInstallation("EU", { name: "Plantedplace" });
  const user = await world.addUser(place, { email: EMAIL, password: PASSWORD, firstName: FIRST_NAME });
  const app = await world.registerApp({ tokens: "expiring" });
  const { body: credential } = await house.admin("POST", "/api-credentials", { name: "api" });
  const visitor = new Visitor(house, { from: ADDRESS, headers: { "user-agent": USER_AGENT } });
  const { verifier, parameters } = newPkce();
  const path = loginPath(app, { ...parameters, state: STATE, login_hint: TYPED_EMAIL, scope: "openid projects" });

  const page = requirePage(await visitor.go(path));
  await visitor.submit(page, { email: TYPED_EMAIL, password: WRONG_PASSWORD });
  await visitor.submit(page, { email: user.email, password: WRONG_PASSWORD });
  const consent = requirePage(await visitor.submit(page, { email: user.email, password: user.password }));
  const { answer } = requireLeft(await visitor.submit(consent, {}, "allow"));
  const code = answer.get("code") ?? "";
  const cookies = [...visitor.cookies.values()];

  const options = { from: ADDRESS };
  const right = exchangeOf(app, code, { code_verifier: verifier });
  await exchange(house, { ...right, code_verifier: "v".repeat(43) }, options);
  await exchange(house, { ...right, client_secret: "planted-wrong-secret" }, options);
  await exchange(house, { ...right, redirect_uri: "https://planted.example.com/" }, options);
  await exchange(house, `{"code":"${code}","client_secret":"${app.clientSecret}"`, options);
  await house.fetch(`/launchpad/v1/token.json?code=${code}&client_secret=${app.clientSecret}`, options);
  const { body: first } = await exchange(house, right, options);
  const { body: second } = await exchange(house, {
    ...exchangeOf(app, ""),
    grant_type: "refresh_token",
    refresh_token: first.refresh_token,
  });
  for (const token of [second.access_token, `${second.access_token}x`]) {
    await house.fetch("/launchpad/v1/userinfo.json", { headers: { authorization: `Bearer ${token}` } });
    await house.fetch(`/verify?access_token=${token}`);
    await house.fetch(`/nothing/${token}`);
    const headers = { authorization: basic(credential.id, credential.secret) };
    await postForm(house, "/oauth2/introspect", { token }, { headers });
  }
  await postForm(house, "/oauth2/revoke", {
    token: second.access_token,
    client_id: app.clientId,
    client_secret: app.clientSecret,
  });
  await exchange(house, right, options); // a replay
  await visitor.go(`/login/forgot-password?email=${EMAIL}`);
  await visitor.go(`/launchpad/login?client_id=${TYPED_EMAIL}&redirect_uri=https://${TYPED_EMAIL}/&state=${STATE}`);
  await visitor.go(`/login/link/EU.${code}`);
  await visitor.post("/logout", {});

  const { body: app2 } = await house.admin("POST", `/apps/${app.clientId}/secrets`, {});
  const secrets = {
    code,
    verifier,
    clientSecret: app.clientSecret ?? "",
    secondSecret: app2.clientSecret,
    credentialSecret: credential.secret,
    basic: basic(credential.id, credential.secret).slice(6),
    accessToken: first.access_token,
    nextAccessToken: second.access_token,
    refreshToken: first.refresh_token,
    nextRefreshToken: second.refresh_token,
    idToken: first.id_token,
    password: PASSWORD,
    wrongPassword: WRONG_PASSWORD,
    session: cookies.find((value) => value.startsWith("EU."))?.slice(3) ?? "",
    browser: cookies.find((value) => !value.startsWith("EU.")) ?? "",
    adminToken: house.config.adminToken,
    baseKey: Buffer.from(house.config.secret).toString("base64"),
    randomOfToken: Buffer.from(first.access_token.slice(7), "base64").toString().slice(0, 36),
  };
  for (const [name, value] of Object.entries(secrets)) assert.ok(value.length >= 16, `${name} was planted`);
  return { house, secrets };
}

const { house, secrets } = await liveThrough();
const PERSONAL = { EMAIL, TYPED_EMAIL, FIRST_NAME, ADDRESS, USER_AGENT, STATE, place: "Plantedplace" };

test("no line of the log holds a secret, or anything personal", () => {
  const log = house.logLines.join("");
  assert.match(log, /\/launchpad\/v1\/token\.json/, "there is a log");
  assert.match(log, /"status":401/);
  for (const [name, value] of Object.entries({ ...secrets, ...PERSONAL })) {
    assert.ok(!log.includes(value), `${name} is in the log`);
    assert.ok(!log.includes(encodeURIComponent(value)), `${name} is in the log, encoded`);
  }
  assert.ok(!log.includes("planted"), "nor anything else that was typed");
});

test("each request is one line, under an id that its answer carries too", async () => {
  const before = house.logLines.length;
  const answer = await house.fetch("/launchpad/v1/userinfo.json", { headers: { authorization: "Bearer x" } });
  const lines = house.logLines.slice(before).join("").trim().split("\n");
  assert.equal(lines.length, 1);
  assert.equal(JSON.parse(lines[0] ?? "").requestId, answer.headers.get("x-request-id"));
});

test("no table holds a secret that could be used: hashes only", async () => {
  for (const [database, db] of databasesOf(house)) {
    const rows = JSON.stringify(await rowsOf(db));
    for (const [name, value] of Object.entries(secrets)) assert.ok(!rows.includes(value), `${name} in ${database}`);
  }
});

test("nor do the files of an embedded database, in pages that were freed either", () => {
  const { dataDirectory } = house.config;
  const files = readdirSync(dataDirectory, { recursive: true, encoding: "utf8" }).filter((file) => /\.db/.test(file));
  assert.ok(files.length > 0 || house.config.directory.engine === "postgres");
  for (const file of files) {
    const bytes = readFileSync(join(dataDirectory, file));
    for (const [name, value] of Object.entries(secrets))
      assert.equal(bytes.includes(value), false, `${name} in ${file}`);
  }
});

test("what is personal lies in its own region and nowhere else", async () => {
  const [directory = "", american = "", european = ""] = await Promise.all(
    databasesOf(house).map(async ([, db]) => JSON.stringify(await rowsOf(db))),
  );
  for (const value of [EMAIL, FIRST_NAME, USER_AGENT, "Plantedplace"]) {
    assert.ok(!directory.includes(value), `${value} in the directory`);
    assert.ok(!american.includes(value), `${value} in the other region`);
    assert.ok(value === USER_AGENT || european.includes(value), `${value} at home`);
  }
  for (const rows of [directory, american, european])
    for (const value of [ADDRESS, TYPED_EMAIL]) assert.ok(!rows.includes(value), `${value} is kept`);
});
