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

test("an installation is made with the contract's defaults, its addresses ending with a slash", async () => {
  const made = await house.admin("POST", "/regions/EU/installations", {
    name: "Acme",
    url: "https://Acme.example.com/desk",
  });
  assert.equal(made.status, 201);
  const { id, createdAt, updatedAt, ...rest } = made.body;
  assert.ok(Number.isInteger(id) && id >= 1);
  assert.ok(Number.isInteger(createdAt) && createdAt === updatedAt);
  assert.deepEqual(rest, {
    region: "EU",
    name: "Acme",
    url: "https://acme.example.com/desk/",
    apiEndPoint: "https://acme.example.com/desk/",
    logo: "",
    loginStartText: "",
    chatEnabled: false,
    projectsEnabled: false,
    deskEnabled: false,
    company: { id: rest.company.id, name: "Acme", logo: "" },
  });
  assert.deepEqual((await house.admin("GET", `/regions/EU/installations/${id}`)).body, made.body);
  assert.equal((await house.admin("GET", `/regions/US/installations/${id}`)).status, 404);
});

test("ids of installations are unique across regions", async () => {
  const made = await Promise.all([install("US"), install("EU"), install("US"), install("EU")]);
  assert.equal(new Set(made.map(({ id }) => id)).size, 4);
});

test("an installation changes by merge patch, its company included", async () => {
  const { id, company } = await install("US", { company: { name: "Acme Inc" } });
  const path = `/regions/US/installations/${id}`;
  const named = await house.admin("PATCH", path, { name: "Acme 2", company: { logo: "https://a.example/l.png" } });
  assert.equal(named.status, 200);
  assert.equal(named.body.name, "Acme 2");
  assert.deepEqual(named.body.company, { ...company, logo: "https://a.example/l.png" });
  const bare = await house.admin("PATCH", path, { company: { logo: null } });
  assert.deepEqual(bare.body.company, { ...company, logo: "" });
  const moved = await house.admin("PATCH", path, { company: { name: "Other", logo: null } });
  assert.equal(moved.body.company.name, "Other");
  assert.notEqual(moved.body.company.id, company.id);
  assert.equal((await house.admin("PATCH", path, { company: { id: 999, name: "Other" } })).status, 422);
  assert.equal((await house.admin("PATCH", path, moved.body)).status, 200);
  assert.equal((await house.admin("PATCH", path, { company: null })).body.company.name, "Acme 2");
});

test("whatever is wrong with an installation is said at its field", async () => {
  const wrong: [object, string][] = [
    [{ name: "" }, "name"],
    [{ url: "acme.example.com" }, "url"],
    [{ url: "ftp://acme.example.com/" }, "url"],
    [{ url: "https://a:b@acme.example.com/" }, "url"],
    [{ url: "https://acme.example.com/?x=1" }, "url"],
    [{ url: "https://acme.example.com/#x" }, "url"],
    [{ url: "javascript:alert(1)" }, "url"],
    [{ apiEndPoint: "/api" }, "apiEndPoint"],
    [{ apiEndPoint: "https://acme.example.com\\@evil.example/" }, "apiEndPoint"],
    [{ logo: "http://acme.example.com/l.png" }, "logo"],
    [{ company: { name: "Acme", logo: "javascript:alert(1)" } }, "company.logo"],
    [{ company: { name: "" } }, "company.name"],
    [{ company: { name: "Acme", id: 1 } }, "company.id"],
    [{ company: "Acme" }, "company"],
    [{ chatEnabled: 1 }, "chatEnabled"],
    [{ loginStartText: "x".repeat(2_001) }, "loginStartText"],
    [{ id: 7 }, "id"],
  ];
  for (const [change, field] of wrong) {
    const body = { name: "Acme", url: "https://acme.example.com", ...change };
    const answer = await house.admin("POST", "/regions/US/installations", body);
    assert.equal(answer.status, 422, JSON.stringify(change));
    assert.deepEqual(
      answer.body.errors.map((error: { field: string }) => error.field),
      [field],
      JSON.stringify(change),
    );
  }
});

test("a deleted installation is gone with its users and routes, and a deletion cut off half way is finished by the next", async () => {
  const installation = await install();
  const { body: user } = await house.admin("POST", usersOf(installation), DANA);
  const path = `/regions/US/installations/${installation.id}`;
  const { store } = house.deps.regions.require("US");
  assert.equal((await house.admin("DELETE", `/regions/EU/installations/${installation.id}`)).status, 404);
  // What a crash right after the first step leaves.
  await store.db.batch([["DELETE FROM installation WHERE installation_id = $1", [installation.id]]]);
  assert.equal((await house.admin("GET", `${usersOf(installation)}/${user.id}`)).status, 404);

  assert.equal((await house.admin("DELETE", path)).status, 204);
  assert.equal((await house.admin("DELETE", path)).status, 404);
  assert.equal(await store.users.find(installation.id, user.id), undefined);
  const account = await store.accounts.findByEmailKey(DANA.email);
  assert.deepEqual(await house.deps.directory.routes.installationsOfAccount(account?.accountId ?? ""), []);
  assert.equal(await house.deps.directory.routes.findInstallation(installation.id), undefined);
});
