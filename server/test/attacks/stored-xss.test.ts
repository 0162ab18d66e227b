import assert from "node:assert/strict";
import { test } from "node:test";
import { everyPage } from "../support/every-page.ts";
import { openHouse } from "../support/house.ts";
import { worldOf } from "../support/world.ts";

const EVIL = [
  "<b>Evil</b>",
  '"><script>alert(1)</script>',
  "' onmouseover='alert(1)",
  "</title><img src=x onerror=alert(1)>",
  "`{{7*7}}<!--",
  "&lt;script&gt;",
].join("");

async function openEvilWorld() {
  const house = await openHouse();
  const world = worldOf(house);
  const places = { name: EVIL, company: { name: EVIL }, loginStartText: EVIL };
  const people = { firstName: EVIL, lastName: EVIL, company: { name: EVIL } };
  const user = await world.addUser(await world.addInstallation("US", places), people);
  await world.addUser(await world.addInstallation("EU", places), { ...people, email: user.email });
  await house.admin("POST", "/scopes", { name: "evil", description: EVIL });
  const more = { name: EVIL, description: EVIL, scopes: ["projects", "evil"] };
  const app = await world.registerApp(more);
  const nativeApp = await world.registerApp({ ...more, kind: "public", redirectUris: ["com.example.app:/done"] });
  const suspendedApp = await world.registerApp({ ...more, status: "suspended" });
  return { house, user, app, nativeApp, suspendedApp };
}

/** Tags and attributes of a page, without what stands between and inside them. */
function structureOf(html: string): string[] {
  return [...html.matchAll(/<(\/?[a-z][\w-]*|!--)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>?/gi)].map(
    ([, tag = "", attributes = ""]) =>
      `${tag} ${attributes
        .replace(/="[^"]*"/g, "")
        .replace(/\s+/g, " ")
        .trim()}`,
  );
}

const world = await openEvilWorld();
const pages = await everyPage({ ...world, text: EVIL });

test("no name, description, hint, state or address that somebody chose becomes markup on any page", () => {
  for (const [name, { html }] of pages) {
    for (const tag of ["<b>Evil", "<script>", "<img src=x", "<!--"]) assert.ok(!html.includes(tag), `${name}: ${tag}`);
    const withoutValues = html.replace(/="[^"]*"/g, "=");
    assert.doesNotMatch(withoutValues, /<[^>]*\son\w+=/, `${name}: no attribute of its own`);
  }
  for (const name of ["sign in", "consent", "choose", "open the app", "suspended app", "unknown client"])
    assert.match(pages.get(name)?.html ?? "", /&lt;b&gt;Evil&lt;\/b&gt;/, `${name} shows the name, as text`);
});

test("a page of hostile names has the structure of one of harmless names", async () => {
  const house = await openHouse();
  const harmless = worldOf(house);
  const user = await harmless.addUser(await harmless.addInstallation("US"));
  await harmless.addUser(await harmless.addInstallation("EU"), { email: user.email });
  await house.admin("POST", "/scopes", { name: "evil", description: "text" });
  const more = { description: "text", scopes: ["projects", "evil"] };
  const app = await harmless.registerApp(more);
  const nativeApp = await harmless.registerApp({ ...more, kind: "public", redirectUris: ["com.example.app:/done"] });
  const suspendedApp = await harmless.registerApp({ ...more, status: "suspended" });

  const plain = await everyPage({ house, user, app, nativeApp, suspendedApp, text: "text" });

  for (const [name, { html }] of pages)
    if (!/redirect URI/.test(name))
      // where a difference is marked, marks come and go
      assert.deepEqual(structureOf(html), structureOf(plain.get(name)?.html ?? ""), name);
});

test("a state and names cannot break out of a header", async () => {
  const { house, app } = world;
  for (const state of ["a%0d%0aSet-Cookie:%20x=1", "a%0aLocation:%20https://evil.example", "a%00b", "%0d", "a%7f"]) {
    const path = `/launchpad/login?client_id=${app.clientId}&redirect_uri=${encodeURIComponent(app.redirectUri)}&prompt=none&state=${state}`;
    const answer = await house.fetch(path);
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get("location"), null);
  }
  for (const path of ["/apps", `/regions/US/installations`, "/scopes", "/api-credentials"])
    for (const name of ["a\r\nX-Evil: 1", "a\u0000b", "a\u0085b", "\ud800"]) {
      const body = { name, url: "https://a.example/", redirectUris: [app.redirectUri], description: "" };
      assert.equal((await house.admin("POST", path, body)).status, 400, `${path} ${JSON.stringify(name)}`);
    }
});

test("control characters are refused wherever they stand in what an operator sends, by the member's name", async () => {
  const { house, app } = world;
  const body = { name: "A", redirectUris: [app.redirectUri] };
  for (const [change, field] of [
    [{ description: "a\u0000b" }, "description"],
    [{ redirectUris: ["https://a.example/\r\nX: 1"] }, "redirectUris"],
    [{ company: { name: "a\u0007b" } }, "company.name"],
    [{ name: "\ud800" }, "name"],
    [{ "na\u0000me": 1 }, "na\u0000me"],
  ] as const) {
    const { status, body: problem } = await house.admin("POST", "/apps", { ...body, ...change });
    assert.equal(status, 400, JSON.stringify(change));
    assert.equal(problem.errors[0].field, field);
  }
});

test("an address of a logo, icon or site is never one that runs", async () => {
  const { house } = world;
  for (const evil of [
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    '"><script>',
    "//evil.example",
    "vbscript:x",
  ]) {
    const app = { name: "App", redirectUris: ["https://a.example/"] };
    assert.equal((await house.admin("POST", "/apps", { ...app, icon: evil })).status, 422, evil);
    assert.equal((await house.admin("POST", "/apps", { ...app, url: evil })).status, 422, evil);
    const place = { name: "Acme", url: "https://acme.example.com/" };
    for (const field of [{ logo: evil }, { url: evil }, { apiEndPoint: evil }, { company: { name: "A", logo: evil } }])
      assert.equal((await house.admin("POST", "/regions/US/installations", { ...place, ...field })).status, 422, evil);
  }
});
