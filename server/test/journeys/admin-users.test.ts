import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../support/house.ts";

const house = await openHouse();

const install = async (region = "US", more: object = {}) => {
  const body = { name: "Acme", url: "https://acme.example.com", ...more };
  return (await house.admin("POST", `/regions/${region}/installations`, body)).body;
};
const usersOf = ({ region, id }: { region: string; id: number }) => `/regions/${region}/installations/${id}/users`;
const DANA = { email: "dana@acme.test", password: "x", firstName: "Dana", lastName: "Lee" };
let people = 0;
const someone = () => ({ ...DANA, email: `person-${++people}@acme.test` });

test("a new e-mail makes an account here; the user belongs to the installation's company unless told otherwise", async () => {
  const installation = await install("EU", { company: { name: "Acme Inc" } });
  const { email, ...rest } = someone();
  const made = await house.admin("POST", usersOf(installation), { email: ` ${email.toUpperCase()} `, ...rest });
  assert.equal(made.status, 201);
  const { id, createdAt, updatedAt, ...shown } = made.body;
  assert.ok(Number.isInteger(id) && id >= 1 && createdAt === updatedAt);
  assert.deepEqual(shown, {
    installationId: installation.id,
    region: "EU",
    email: email.toUpperCase(),
    firstName: "Dana",
    lastName: "Lee",
    avatar: "",
    company: installation.company,
    role: "member",
    disabled: false,
    joined: false,
  });
  assert.deepEqual((await house.admin("GET", `${usersOf(installation)}/${id}`)).body, made.body);
  const account = await house.deps.regions.require("EU").store.accounts.findByEmailKey(email);
  assert.match(account?.passwordHash ?? "", /^\$argon2id\$/);
});

test("an e-mail that has an account anywhere joins it at once, and a password sent is ignored", async () => {
  const person = someone();
  const [us, eu] = [await install("US"), await install("EU")];
  await house.admin("POST", usersOf(us), person);
  const before = await house.deps.regions.require("US").store.accounts.findByEmailKey(person.email);

  const joined = await house.admin("POST", usersOf(eu), { ...person, password: "another" });

  assert.equal(joined.status, 201);
  assert.equal(joined.body.joined, true);
  assert.deepEqual(await house.deps.regions.require("US").store.accounts.findByEmailKey(person.email), before);
  assert.equal(await house.deps.regions.require("EU").store.accounts.findByEmailKey(person.email), undefined);
  const found = await house.deps.directory.routes.installationsOfAccount(before?.accountId ?? "");
  assert.deepEqual(
    found.map(({ installationId, region }) => `${region}-${installationId}`),
    [`US-${us.id}`, `EU-${eu.id}`],
  );
});

test("of two who make the same new e-mail in two regions at once, one makes the account and both have it", async () => {
  const [us, eu] = [await install("US"), await install("EU")];
  for (let round = 0; round < 5; round++) {
    const person = someone();
    const answers = await Promise.all([us, eu].map((place) => house.admin("POST", usersOf(place), person)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201],
    );
    assert.equal(answers.filter(({ body }) => body.joined).length, 1);
    const accounts = await Promise.all(
      house.deps.regions.all.map(({ store }) => store.accounts.findByEmailKey(person.email)),
    );
    assert.equal(accounts.filter((account) => account !== undefined).length, 1);
  }
});

test("the same e-mail twice in one installation is a conflict, however it is spelt, also at once", async () => {
  const installation = await install();
  const person = someone();
  const answers = await Promise.all([
    house.admin("POST", usersOf(installation), person),
    house.admin("POST", usersOf(installation), { ...person, email: person.email.toUpperCase() }),
  ]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
  assert.equal((await house.admin("GET", usersOf(installation))).body.items.length, 1);
});

test("a route whose account was never made is completed by the next user of that e-mail", async () => {
  const person = someone();
  const keys = await house.deps.emailKeys.of(person.email);
  await house.deps.directory.routes.addAccount(keys, { accountId: "f".repeat(32), region: "EU" });
  const { status, body } = await house.admin("POST", usersOf(await install("US")), person);
  assert.equal(status, 201);
  assert.equal(body.joined, false);
  assert.ok(await house.deps.regions.require("EU").store.accounts.find("f".repeat(32)));
});

test("an account whose route was lost is found again, not made twice", async () => {
  const person = someone();
  await house.admin("POST", usersOf(await install("US")), person);
  const keys = await house.deps.emailKeys.of(person.email);
  await house.deps.directory.db.batch([["DELETE FROM account_key WHERE email_key = $1", [keys[0].key]]]);
  const { status, body } = await house.admin("POST", usersOf(await install("US")), person);
  assert.equal(status, 201);
  assert.equal(body.joined, true);
  const account = await house.deps.regions.require("US").store.accounts.findByEmailKey(person.email);
  assert.equal((await house.deps.directory.routes.findAccount(keys))?.accountId, account?.accountId);
});

test("a user made while the former one of its e-mail is being deleted keeps its route", async () => {
  const installation = await install();
  const person = someone();
  let { body: user } = await house.admin("POST", usersOf(installation), person);
  for (let round = 0; round < 10; round++) {
    const [, made] = await Promise.all([
      house.admin("DELETE", `${usersOf(installation)}/${user.id}`),
      house.admin("POST", usersOf(installation), person),
    ]);
    user = made.status === 201 ? made.body : (await house.admin("POST", usersOf(installation), person)).body;
    const account = await house.deps.regions.require("US").store.accounts.findByEmailKey(person.email);
    assert.equal(await house.deps.directory.routes.hasMember(account?.accountId ?? "", installation.id), true);
  }
});

test("without a password and an account the person is invited, and invited again where there is still no password", async () => {
  const { password: _, ...person } = someone();
  const links = async () => {
    const { db } = house.deps.regions.require("US").store;
    const rows = await db.read("SELECT installation_id AS id FROM link WHERE kind = $1 ORDER BY created_at", [
      "invitation",
    ]);
    return rows.map(({ id }) => id);
  };
  const [first, second] = [await install("US"), await install("EU")];
  const before = (await links()).length;
  assert.equal((await house.admin("POST", usersOf(first), person)).body.joined, false);
  assert.equal((await house.admin("POST", usersOf(second), person)).body.joined, true);
  assert.deepEqual(new Set((await links()).slice(before)), new Set([first.id, second.id]));

  await house.admin("POST", usersOf(first), someone());
  assert.equal((await links()).length, before + 2);
});

test("a password's hash may be brought along: argon2id at a bearable cost, nothing else", async () => {
  const installation = await install();
  const hash = await house.deps.passwords.hash("brought along");
  const person = { ...someone(), password: undefined };
  const made = await house.admin("POST", usersOf(installation), { ...person, passwordHash: hash });
  assert.equal(made.status, 201);
  const account = await house.deps.regions.require("US").store.accounts.findByEmailKey(person.email);
  assert.equal(account?.passwordHash, hash);

  const rest = "$c29tZXNhbHRzb21lc2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g";
  for (const passwordHash of [
    "",
    "secret",
    "$2b$12$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234",
    `$argon2i$v=19$m=19456,t=2,p=1${rest}`,
    `$argon2id$v=19$m=4194304,t=2,p=1${rest}`,
    `$argon2id$v=19$m=262144,t=99,p=1${rest}`,
    `$argon2id$v=19$m=19456,t=0,p=1${rest}`,
    `$argon2id$v=19$m=19456,t=2,p=0${rest}`,
    `$argon2id$v=19$m=4,t=2,p=1${rest}`,
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
  ]) {
    const refused = await house.admin("POST", usersOf(installation), {
      ...someone(),
      password: undefined,
      passwordHash,
    });
    assert.equal(refused.status, 422, passwordHash);
    assert.equal(refused.body.errors[0].field, "passwordHash");
  }
  const both = await house.admin("POST", usersOf(installation), { ...someone(), passwordHash: hash });
  assert.equal(both.status, 422);
});

test("whatever is wrong with a user is said at its field, and no password comes back", async () => {
  const path = usersOf(await install());
  const wrong: [object, string][] = [
    [{ email: undefined }, "email"],
    [{ email: "dana" }, "email"],
    [{ email: ["dana@acme.test"] }, "email"],
    [{ firstName: undefined }, "firstName"],
    [{ lastName: null }, "lastName"],
    [{ password: "" }, "password"],
    [{ password: 12345678 }, "password"],
    [{ password: "x".repeat(1_025) }, "password"],
    [{ avatar: "javascript:alert(1)" }, "avatar"],
    [{ role: "owner" }, "role"],
    [{ company: {} }, "company.name"],
    [{ joined: true }, "joined"],
    [{ accountId: "1" }, "accountId"],
  ];
  for (const [change, field] of wrong) {
    const { status, body } = await house.admin("POST", path, { ...DANA, password: "hush-hush", ...change });
    assert.equal(status, 422, JSON.stringify(change));
    assert.equal(body.errors[0].field, field, JSON.stringify(change));
    assert.ok(!JSON.stringify(body).includes("hush-hush"));
  }
  assert.deepEqual((await house.admin("GET", path)).body.items, []);
});

test("a user changes by merge patch; e-mail and password are the account's own", async () => {
  const installation = await install();
  const { body: user } = await house.admin("POST", usersOf(installation), {
    ...someone(),
    avatar: "https://a.example/a",
  });
  const path = `${usersOf(installation)}/${user.id}`;
  const changed = await house.admin("PATCH", path, { role: "admin", avatar: null, company: { name: "Guests" } });
  assert.equal(changed.status, 200);
  assert.equal(changed.body.role, "admin");
  assert.equal(changed.body.avatar, "");
  assert.equal(changed.body.company.name, "Guests");
  assert.deepEqual((await house.admin("PATCH", path, { company: null })).body.company, installation.company);
  assert.equal((await house.admin("PATCH", path, { disabled: true })).body.disabled, true);
  assert.equal((await house.admin("PATCH", path, { disabled: null })).body.disabled, false);
  assert.equal((await house.admin("PATCH", path, { email: user.email })).status, 200);
  for (const change of [{ email: "eve@evil.test" }, { password: "other" }, { installationId: 1 }]) {
    const refused = await house.admin("PATCH", path, change);
    assert.equal(refused.status, 422);
    assert.equal(refused.body.errors[0].field, Object.keys(change)[0]);
  }
});

test("a deleted user is gone with all that hung on it; its account stays, and its id is not used again", async () => {
  const installation = await install();
  const person = someone();
  const { body: user } = await house.admin("POST", usersOf(installation), person);
  const path = `${usersOf(installation)}/${user.id}`;
  const { store } = house.deps.regions.require("US");
  await store.db.batch([
    [
      `INSERT INTO token (token_hash, token_id, client_id, installation_id, user_id, scopes, code_hash, issued_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [`hash-${user.id}`, `${user.id}`.padStart(32, "0"), "c", installation.id, user.id, "[]", "code", 1],
    ],
  ]);
  assert.equal((await house.admin("DELETE", path)).status, 204);
  assert.equal((await house.admin("DELETE", path)).status, 404);
  assert.equal((await house.admin("GET", `${path}/tokens`)).status, 404);
  assert.deepEqual(await store.db.read("SELECT token_hash FROM token WHERE user_id = $1", [user.id]), []);
  const account = await store.accounts.findByEmailKey(person.email);
  assert.ok(account);
  assert.deepEqual(await house.deps.directory.routes.installationsOfAccount(account.accountId), []);

  const again = await house.admin("POST", usersOf(installation), person);
  assert.equal(again.status, 201);
  assert.equal(again.body.joined, true);
  assert.notEqual(again.body.id, user.id);
});

test("a user's tokens are listed as names and end one by one, with all that came from the same login", async () => {
  const installation = await install("EU");
  const { body: user } = await house.admin("POST", usersOf(installation), someone());
  const path = `${usersOf(installation)}/${user.id}/tokens`;
  const { store } = house.deps.regions.require("EU");
  const insert = (tokenHash: string, tokenId: string, codeHash: string) =>
    [
      `INSERT INTO token (token_hash, token_id, client_id, installation_id, user_id, scopes, code_hash, issued_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [tokenHash, tokenId, "c".repeat(40), installation.id, user.id, '["desk"]', codeHash, 7],
    ] as const;
  await store.db.batch([insert("h1", "id-1", "k1"), insert("h2", "id-2", "k1"), insert("h3", "id-3", "k2")]);

  const { body } = await house.admin("GET", path);
  assert.deepEqual(body.items[0], {
    id: "id-1",
    clientId: "c".repeat(40),
    scopes: ["desk"],
    issuedAt: 7,
    expiresAt: null,
  });
  assert.ok(!JSON.stringify(body).includes("h1"));
  assert.equal((await house.admin("DELETE", `${path}/id-1`)).status, 204);
  assert.deepEqual(
    (await house.admin("GET", path)).body.items.map(({ id }: { id: string }) => id),
    ["id-3"],
  );
  assert.equal((await house.admin("DELETE", `${path}/id-1`)).status, 404);
  assert.equal((await house.admin("POST", path, {})).status, 405);
});

test("no e-mail and no name of a person gets into the directory", async () => {
  const person = { ...someone(), firstName: "Quirinius", lastName: "Xanthopoulos" };
  await house.admin("POST", usersOf(await install("EU")), person);
  const { db } = house.deps.directory;
  const tables = "account_route account_key account_installation installation_route audit change app".split(" ");
  for (const table of tables) {
    const text = JSON.stringify(await db.read(`SELECT * FROM ${table}`, []));
    for (const secret of [person.email, "Quirinius", "Xanthopoulos"]) assert.ok(!text.includes(secret), table);
  }
  assert.ok(!house.logLines.join().includes(person.email));
});
