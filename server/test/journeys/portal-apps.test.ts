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
  await house.deps.apps.refresh();
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
  assert.equal(requirePage(await visitor.post(`${path}/resume`, { ...fields })).status, 422);
  assert.equal(await status(), "suspended");
});

test("an app is deleted only by its typed name, and its team's hold on it goes too", async () => {
  const { house, visitor, registerApp, teamId } = await openPortal();
  const { clientId } = await registerApp("Planner");
  const page = await open(visitor, `/portal/apps/${clientId}/danger`);
  assert.equal(requirePage(await visitor.submit(page, { typedName: "Plan" })).status, 422);
  const gone = requirePage(await visitor.submit(page, { typedName: "Planner" }));
  assert.equal(new URL(gone.url).pathname, `/portal/teams/${teamId}`);
  assert.equal(await house.deps.directory.apps.find(clientId), undefined);
  assert.equal(await house.deps.directory.teams.findApp(clientId), undefined);
});
