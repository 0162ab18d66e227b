import assert from "node:assert/strict";
import { test } from "node:test";
import { operatorPages } from "../../src/http/operator/pages.ts";
import { openOperator } from "../support/operator.ts";
import { open } from "../support/portal-scene.ts";
import { type Page, requirePage, Visitor } from "../support/visitor.ts";
import { signIn } from "../support/world.ts";

/** Somebody who would like to be an operator, or to stay one. */

test("nobody but operators sees that there is anything, and one who is removed loses it at once", async () => {
  const { house, visitor, operator, dismiss } = await openOperator();
  const paths = operatorPages.map(({ method, path }) => [method, path.replace(":region", "US").replace(/:\w+/g, "1")]);
  const page = await open(operator, "/operator/regions/US");
  const fields = page.forms.find(({ open }) => open.includes("text"))?.fields ?? {};
  const status = async (who: Visitor, [method = "", path = ""]: string[]) =>
    requirePage(await (method === "GET" ? who.go(path) : who.post(path, { ...fields, text: "Olga" }))).status;

  const own = (await open(visitor, "/portal/new-team")).forms.at(-1)?.fields ?? {};
  for (const [method = "", path = ""] of paths) {
    const answer = requirePage(await (method === "GET" ? visitor.go(path) : visitor.post(path, { ...own })));
    assert.equal(answer.status, 404, path);
    assert.doesNotMatch(answer.html, /Audit log/);
  }
  assert.equal(await status(operator, ["GET", "/operator"]), 200);
  await dismiss();
  for (const path of paths) assert.equal(await status(operator, path), 404, path.join());
  const { body } = await house.admin("GET", "/audit?limit=200");
  assert.ok(body.items.some(({ action }: { action: string }) => action === "operator.remove"));
});

test("what is looked for in one region tells nothing of another", async () => {
  const { world, operator } = await openOperator();
  const [us, eu] = [
    await world.addInstallation("US", { name: "Harbour" }),
    await world.addInstallation("EU", { name: "Harbour" }),
  ];
  const name = { firstName: "Wilhelmina", lastName: "Quist" };
  const american = await world.addUser(us, { ...name, email: "wil@harbour.example.com" });
  const european = await world.addUser(eu, { ...name, email: "mina@harbour.example.com" });
  const find = async (text: string): Promise<Page> =>
    requirePage(await operator.submit(await open(operator, "/operator/regions/US"), { text }));
  for (const text of [
    "Wilhelmina",
    "Quist",
    "Harbour",
    "mina@harbour.example.com",
    String(european.id),
    String(eu.id),
  ]) {
    const { html } = await find(text);
    assert.ok(!html.includes("mina@harbour") || text.startsWith("mina@"), text);
    assert.ok(!html.includes(`/users/${european.id}"`), text);
    assert.ok(!html.includes(`/installations/${eu.id}"`), text);
    assert.ok(!html.includes("<bdi>mina@"), text);
  }
  assert.ok((await find("Quist")).html.includes(`/users/${american.id}"`));
  // Nor do addresses: a person of one region under the name of another.
  for (const path of [`installations/${eu.id}`, `installations/${eu.id}/users/${european.id}`])
    assert.equal(requirePage(await operator.go(`/operator/regions/US/${path}`)).status, 404);
});

test("a search rides sealed: changed, of another region or in another's hands it opens nothing", async () => {
  const { house, world, installation, operator, operatorUser } = await openOperator();
  const found = requirePage(
    await operator.submit(await open(operator, "/operator/regions/US"), { text: operatorUser.email }),
  );
  const { pathname, search } = new URL(found.url);
  assert.match(found.html, /Petrov/);
  assert.doesNotMatch(search, /example/);
  for (const line of house.logLines) assert.ok(!line.includes(operatorUser.email));
  const other = await world.addUser(installation);
  const { addOperator } = await import("../../src/domain/portal/operators.ts");
  await addOperator(house.deps, other.email, "test");
  const second = new Visitor(house);
  await signIn(second, "/operator", other);
  const nothing = async (who: Visitor, path: string) =>
    assert.doesNotMatch((await open(who, path)).html, /Petrov \(|<h2>People/);
  await nothing(second, pathname + search);
  await nothing(operator, `/operator/regions/EU${search}`);
  await nothing(operator, `${pathname + search.slice(0, -2)}AA`);
  await nothing(operator, `${pathname}?find=${operatorUser.email}`);
});

test("hostile names are text on the operator's pages, and their addresses are not followed", async () => {
  const evil = `"><script>alert(1)</script>`;
  const { house, world, operator, visitor, teamId, registerApp } = await openOperator();
  const { clientId } = await registerApp(`Evil${evil}`);
  await visitor.submit(await open(visitor, `/portal/teams/${teamId}/publisher`), {
    publisherName: `Pub${evil}`,
    publisherUrl: "http://plain.example/",
  });
  const place = await world.addInstallation("US", { name: `Place${evil}`, company: { name: `Co${evil}` } });
  const user = await world.addUser(place, { firstName: `Ada${evil}`, lastName: evil });
  const path = `/operator/regions/US/installations/${place.id}`;
  const pages = ["/operator/apps?status=development", `/operator/apps/${clientId}`, path, `${path}/users/${user.id}`];
  for (const page of pages) assert.ok(!(await open(operator, page)).html.includes("<script>alert"), page);
  const found = await operator.submit(await open(operator, "/operator/regions/US"), { text: `Ada${evil}` });
  assert.ok(!requirePage(found).html.includes("<script>alert"));
  assert.match(requirePage(found).html, /&lt;script/);
  assert.doesNotMatch((await open(operator, `/operator/apps/${clientId}`)).html, /href="http:\/\/plain/);
  assert.equal(requirePage(await operator.go("/operator/apps?status=__proto__")).status, 200);
  await house.admin("DELETE", `/apps/${clientId}`);
  assert.equal(requirePage(await operator.go(`/operator/apps/${clientId}`)).status, 404);
});
