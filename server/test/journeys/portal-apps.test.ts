import assert from "node:assert/strict";
import { test } from "node:test";
import { open, openPortal } from "../support/portal-scene.ts";
import { requirePage } from "../support/visitor.ts";
import { logIn } from "../support/world.ts";

const secretIn = (html: string) => /<code id="fresh-secret">(lks_[^<]+)</.exec(html)?.[1];

test("a registered app shows its secret once, and that secret exchanges codes", async () => {
  const { house, world, installation, visitor, registerApp } = await openPortal();
  const { clientId, page } = await registerApp();
  const clientSecret = secretIn(page.html);
  assert.ok(clientSecret);
  assert.ok(!page.url.includes(clientSecret));
  const path = `/portal/apps/${clientId}/credentials`;

  const again = await open(visitor, path);
  assert.ok(!again.html.includes(clientSecret));
  await visitor.submit(again, { redirectUri: "https://app.example.com/callback" });

  const app = await house.deps.directory.apps.find(clientId);
  assert.equal(app?.status, "development");
  await house.deps.directory.apps.change(
    { ...app, testInstallations: [installation.id] },
    { auditId: "a1", at: 1, actor: "test", action: "app.change", target: clientId, detail: {} },
  );
  await house.deps.apps.catchUp();
  const { createClient } = await import("@latchkey/sdk");
  const redirectUri = "https://app.example.com/callback";
  const client = createClient({
    issuer: house.config.url,
    clientId,
    clientSecret,
    redirectUri,
    fetch: (url, init) => house.fetch(String(url), init),
  });
  const user = await world.addUser(installation);
  await client.exchangeCode(await logIn(house, { clientId, clientSecret, redirectUri, client }, user));
  await house.deps.timeline.flush();

  const overview = await open(visitor, `/portal/apps/${clientId}`);
  assert.equal(overview.html.match(/<li class="done">/g)?.length, 3);
  assert.match((await open(visitor, `/portal/apps/${clientId}/danger`)).html, /1 active token ends/);
});

test("all but web apps are public and have no secret", async () => {
  const { house, registerApp } = await openPortal();
  for (const platform of ["spa", "extension", "native", "cli"]) {
    const { clientId, page } = await registerApp("Planner", platform);
    assert.equal(secretIn(page.html), undefined);
    assert.equal((await house.deps.directory.apps.find(clientId))?.kind, "public");
  }
});

test("a secret is replaced with an overlap, and revoked only when somebody is sure", async () => {
  const { house, visitor, registerApp } = await openPortal();
  const { clientId } = await registerApp();
  const base = `/portal/apps/${clientId}/credentials`;
  const secrets = async () => (await house.deps.directory.apps.find(clientId))?.secrets ?? [];
  const [old] = await secrets();

  const form = await open(visitor, base);
  const rotated = requirePage(await visitor.submit(form, {}, "3600"));
  assert.ok(secretIn(rotated.html));
  assert.equal((await secrets()).length, 2);
  assert.equal((await secrets()).find((one) => one.secretId === old?.secretId)?.expiresAt, house.deps.now() + 3_600);

  const revoke = `${base}/secrets/${old?.secretId}/revoke`;
  const unsure = requirePage(await visitor.send(rotated, revoke));
  assert.equal(unsure.status, 422);
  assert.match(unsure.html, /<details open><summary>Replace or revoke/, "with what is missing");
  assert.equal((await secrets()).length, 2);
  const token = unsure.forms.find((one) => one.action === revoke)?.fields;
  await visitor.post(revoke, { ...token, sure: "yes" });
  assert.equal((await secrets()).length, 1);
});

test("redirect URIs are checked by the server's own rule, a Chrome extension's is made from its id", async () => {
  const { house, visitor, registerApp } = await openPortal();
  const { clientId } = await registerApp();
  const page = await open(visitor, `/portal/apps/${clientId}/credentials`);

  const refused = requirePage(await visitor.submit(page, { redirectUri: "http://app.example.com/callback" }));
  assert.equal(refused.status, 422);
  assert.match(refused.html, /Use https, or http on localhost/);
  assert.match(refused.html, /value="http:\/\/app\.example\.com\/callback"/);
  assert.equal(requirePage(await visitor.submit(page, { extension: "zzz" })).status, 422);
  const added = requirePage(await visitor.submit(page, { extension: "abcdefghijklmnop".repeat(2) }));
  const { redirectUris } = (await house.deps.directory.apps.find(clientId)) ?? {};
  assert.deepEqual(redirectUris, [`https://${"abcdefghijklmnop".repeat(2)}.chromiumapp.org/`]);

  const near = `https://${"abcdefghijklmnop".repeat(2)}.chromiumapp.org`;
  assert.match(requirePage(await visitor.submit(added, { tested: near })).html, /slash at the end/);
  assert.match(requirePage(await visitor.submit(added, { tested: `${near}/` })).html, /It matches/);
  const never = requirePage(await visitor.submit(added, { tested: "http://app.example.com/callback" }));
  assert.match(never.html, /could not be registered\. Use https, or http on localhost/);
  const twin = requirePage(await visitor.submit(added, { redirectUri: "https://app.example.com/cb" }));
  const twins = requirePage(await visitor.submit(twin, { redirectUri: "https://app.example.com/cb/" }));
  assert.match(twins.html, /Without the slash at the end it is registered, too/);
});

test("what was sent and is not registered can be added from the log, but not what may be anybody's", async () => {
  const { house, visitor, registerApp } = await openPortal();
  const { clientId } = await registerApp();
  const path = `/portal/apps/${clientId}`;
  await visitor.submit(await open(visitor, `${path}/credentials`), { redirectUri: "https://app.example.com/cb" });
  const fail = async (redirect_uri: string) => {
    await visitor.go(`/launchpad/login?${new URLSearchParams({ client_id: clientId, redirect_uri })}`);
    await house.deps.timeline.flush();
    const [, href] = /<a href="([^"]+)">Add it</.exec((await open(visitor, `${path}/logs`)).html) ?? [];
    return href;
  };
  const add = (await fail("https://app.example.com/call-back")) ?? "";
  assert.match(
    (await open(visitor, add)).html,
    /name="redirectUri"[^>]* value="https:\/\/app\.example\.com\/call-back"/,
  );
  house.passSeconds(1);
  assert.equal(await fail("https://app.example.com.evil.example/cb"), undefined);
});

test("secrets are listed as they were made, the oldest first", async () => {
  const { house, visitor, registerApp } = await openPortal();
  const { clientId } = await registerApp();
  for (const secretName of ["second", "third", "fourth"]) {
    house.passSeconds(1);
    await visitor.submit(await open(visitor, `/portal/apps/${clientId}/credentials`), { secretName });
  }
  const listed = (await house.deps.directory.apps.find(clientId))?.secrets.map(({ name }) => name);
  assert.deepEqual(listed?.slice(1), ["second", "third", "fourth"]);
});

test("each field that is wrong is told at once, and a form sent without a change changes nothing", async () => {
  const { house, visitor, registerApp } = await openPortal();
  const { clientId } = await registerApp();
  const branding = await open(visitor, `/portal/apps/${clientId}/branding`);
  const wrong = await visitor.submit(branding, {
    name: "",
    url: "javascript:alert(1)",
    description: "d".repeat(2_001),
  });
  const refused = requirePage(wrong);
  assert.equal(refused.status, 422);
  for (const sentence of [/Give it a name/, /At most 2,000 characters/, /id="url-problem"/])
    assert.match(refused.html, sentence);

  const before = await house.deps.directory.apps.find(clientId);
  requirePage(await visitor.submit(branding, {}));
  assert.deepEqual(await house.deps.directory.apps.find(clientId), before);
});

test("two people who change one app do not overwrite each other", async () => {
  const { house, visitor, another, registerApp } = await openPortal();
  const { clientId } = await registerApp();
  const path = `/portal/apps/${clientId}/branding`;
  const second = (await another("developer")).visitor;
  const [mine, theirs] = [await open(visitor, path), await open(second, path)];
  await second.submit(theirs, { name: "Theirs" });

  const stale = requirePage(await visitor.submit(mine, { name: "Mine" }));
  assert.equal(stale.status, 409);
  assert.match(stale.html, /value="Mine"/);
  assert.match(stale.html, /Stored now: Theirs/);
  assert.equal((await house.deps.directory.apps.find(clientId))?.name, "Theirs");
  await visitor.submit(stale, { name: "Mine" });
  assert.equal((await house.deps.directory.apps.find(clientId))?.name, "Mine");
});

test("a team resumes what it suspended, but not what the operator did", async () => {
  const { house, visitor, registerApp } = await openPortal();
  const { clientId } = await registerApp();
  const path = `/portal/apps/${clientId}/danger`;
  const status = async () => (await house.deps.directory.apps.find(clientId))?.status;
  const suspended = requirePage(await visitor.send(await open(visitor, path), `${path}/suspend`));
  assert.equal(await status(), "suspended");
  const resumed = requirePage(await visitor.send(suspended, `${path}/resume`));
  assert.equal(await status(), "development");

  const app = await house.deps.directory.apps.find(clientId);
  assert.ok(app);
  const entry = { auditId: "a2", at: 1, actor: "operator", action: "app.change", target: clientId, detail: {} };
  await house.deps.directory.apps.change({ ...app, status: "suspended" }, entry);
  const fields = resumed.forms.find((one) => one.action === `${path}/suspend`)?.fields;
  assert.equal(requirePage(await visitor.post(`${path}/resume`, { ...fields })).status, 409);
  const now = { ...fields, version: String(app.version + 1) };
  assert.equal(requirePage(await visitor.post(`${path}/resume`, now)).status, 422);
  assert.equal(await status(), "suspended");
});

test("an app is deleted only by its typed name, and its team's hold on it goes too", async () => {
  const { house, visitor, registerApp, teamId } = await openPortal();
  const { clientId } = await registerApp("Planner");
  const page = await open(visitor, `/portal/apps/${clientId}/danger`);
  const refused = requirePage(await visitor.submit(page, { typedName: "Plan" }));
  assert.equal(refused.status, 422);
  assert.match(refused.html, /name="typedName"[^>]* value="Plan"/);
  const gone = requirePage(await visitor.submit(page, { typedName: "Planner" }));
  assert.equal(new URL(gone.url).pathname, `/portal/teams/${teamId}`);
  assert.equal(await house.deps.directory.apps.find(clientId), undefined);
  assert.equal(await house.deps.directory.teams.findApp(clientId), undefined);
});
