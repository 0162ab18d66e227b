import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "@latchkey/sdk";
import { sandboxOf } from "../../src/domain/teams/sandbox.ts";
import { openOperator } from "../support/operator.ts";
import { open, openPortal } from "../support/portal-scene.ts";
import { loginPath } from "../support/scene.ts";
import { requireLeft, requirePage, Visitor } from "../support/visitor.ts";
import { logIn, REDIRECT_URI, signIn, type TestApp } from "../support/world.ts";

/** A team that would rather not be reviewed. */

async function openTeam() {
  const portal = await openPortal();
  const { house, visitor, registerApp } = portal;
  const { clientId, page } = await registerApp();
  const clientSecret = /lks_[\w-]+/.exec(page.html)?.[0] ?? "";
  const path = `/portal/apps/${clientId}`;
  await visitor.submit(await open(visitor, `${path}/credentials`), { redirectUri: REDIRECT_URI });
  await visitor.submit(await open(visitor, `${path}/branding`), { description: "Plans." });
  await visitor.submit(await open(visitor, `/portal/teams/${portal.teamId}/publisher`), { publisherName: "Rockets" });
  const fetch = (url: string | URL | Request, init?: RequestInit) => house.fetch(String(url), init);
  const client = createClient({ issuer: house.config.url, clientId, clientSecret, redirectUri: REDIRECT_URI, fetch });
  const testApp: TestApp = { clientId, clientSecret, redirectUri: REDIRECT_URI, client };
  const status = async () => (await house.deps.directory.apps.find(clientId))?.status;
  const decide = (decision: string) => house.admin("POST", `/apps/${clientId}/reviews`, { decision, comment: "x" });
  return { ...portal, clientId, path, testApp, status, decide };
}

test("until it is live an app logs in nobody but users of its sandbox and its test installations", async () => {
  const { house, world, teamId, testApp, path, visitor, decide, status } = await openTeam();
  const customer = await world.addUser(await world.addInstallation());
  const team = await house.deps.directory.teams.find(teamId);
  assert.ok(team);
  const sandbox = await sandboxOf(house.deps, team);
  const [ada] = sandbox?.people ?? [];
  assert.ok(sandbox && ada);
  const tester = {
    ...ada,
    id: 0,
    installation: { region: sandbox.region, id: sandbox.installation.installationId, url: "" },
  };
  const refused = async () => {
    const left = requireLeft(await signIn(new Visitor(house), loginPath(testApp), customer));
    assert.equal(left.answer.get("error"), "access_denied");
    assert.ok(await logIn(house, testApp, tester));
  };
  const press = async (action: string) => visitor.send(await open(visitor, `${path}/review`), path + action);
  await refused();
  await press("/review/submit");
  assert.equal(await status(), "submitted");
  await refused();
  await decide("request_changes");
  await refused();
  await press("/review/submit");
  await decide("approve");
  assert.ok(await logIn(house, testApp, customer));
  await decide("suspend");
  assert.equal(requirePage(await new Visitor(house).go(loginPath(testApp))).status, 400);
});

test("the consent page of an app that nobody reviewed says so, and a live one's does not", async () => {
  const { house, world, testApp, installation } = await openTeam();
  const user = await world.addUser(installation);
  const app = await house.deps.directory.apps.find(testApp.clientId);
  assert.ok(app);
  await house.admin("PATCH", `/apps/${app.clientId}`, { testInstallations: [installation.id] });
  const consent = async () => requirePage(await signIn(new Visitor(house), loginPath(testApp), user)).html;
  assert.match(await consent(), /Unverified app/);
  await house.admin("PATCH", `/apps/${app.clientId}`, { status: "live" });
  assert.doesNotMatch(await consent(), /Unverified app/);
});

test("no form of the team makes its app live, neither a fresh one nor one sent again", async () => {
  const { house, visitor, path, status, decide, clientId } = await openTeam();
  const formOf = async (tab: string, action: string) =>
    (await open(visitor, path + tab)).forms.find((form) => form.action === path + action)?.fields ?? {};
  const version = async () => String((await house.deps.directory.apps.find(clientId))?.version);

  for (const tab of ["/branding", "/scopes", "/credentials/tokens"]) {
    const fields = await formOf(tab.replace("/tokens", ""), tab);
    await visitor.post(path + tab, { ...fields, status: "live", trusted: "true", testInstallations: "[1]" });
  }
  assert.equal(await status(), "development");

  // A resume that was good once: the app was live, was suspended by its team and came back.
  await visitor.post(`${path}/review/submit`, await formOf("/review", "/review/submit"));
  await decide("approve");
  await visitor.post(`${path}/danger/suspend`, await formOf("/danger", "/danger/suspend"));
  const resume = await formOf("/danger", "/danger/resume");
  await visitor.post(`${path}/danger/resume`, resume);
  assert.equal(await status(), "live");

  // From here on an operator has it in development; suspended by the team, it comes back to that.
  await house.admin("PATCH", `/apps/${clientId}`, { status: "development" });
  assert.equal(requirePage(await visitor.post(`${path}/danger/resume`, resume)).status, 409);
  const again = { ...resume, version: await version() };
  assert.equal(requirePage(await visitor.post(`${path}/danger/resume`, again)).status, 422);
  await visitor.post(`${path}/danger/suspend`, again);
  await visitor.post(`${path}/danger/resume`, { ...again, version: await version() });
  assert.equal(await status(), "development");

  // Submitted twice by one form, withdrawn and submitted by old ones: it stays where it is.
  const submit = await formOf("/review", "/review/submit");
  await visitor.post(`${path}/review/submit`, submit);
  assert.equal(requirePage(await visitor.post(`${path}/review/submit`, submit)).status, 409);
  assert.equal(requirePage(await visitor.post(`${path}/review/withdraw`, submit)).status, 409);
  assert.equal(await status(), "submitted");
});

test("a team does not pass by what an operator suspended, nor by its own suspension", async () => {
  const { house, visitor, path, status, decide, clientId } = await openTeam();
  const fields = (await open(visitor, `${path}/danger`)).forms.at(-1)?.fields ?? {};
  const version = async () => String((await house.deps.directory.apps.find(clientId))?.version);
  const post = async (action: string) => visitor.post(path + action, { ...fields, version: await version() });
  await post("/danger/suspend");
  await decide("suspend"); // the operator's now
  for (const action of ["/danger/resume", "/review/submit", "/review/withdraw", "/branding"]) {
    assert.equal(requirePage(await post(action)).status, 422, action);
    assert.equal(await status(), "suspended");
  }
});

test("a live app gets no scope by any form of its team", async () => {
  const { house, visitor, path, decide, clientId } = await openTeam();
  const app = async () => house.deps.directory.apps.find(clientId);
  await visitor.send(await open(visitor, `${path}/review`), `${path}/review/submit`);
  await decide("approve");
  const fields = (await open(visitor, `${path}/scopes`)).forms.find(
    ({ action }) => action === `${path}/scopes`,
  )?.fields;
  await visitor.post(`${path}/scopes`, { ...fields, "scope.projects": "yes", "scope.desk": "yes" });
  assert.deepEqual((await app())?.scopes, []);
  await visitor.post(`${path}/danger/suspend`, { ...fields, version: String((await app())?.version) });
  await visitor.post(`${path}/scopes`, { ...fields, version: String((await app())?.version), "scope.desk": "yes" });
  await visitor.post(`${path}/danger/resume`, { ...fields, version: String((await app())?.version) });
  assert.deepEqual([(await app())?.status, (await app())?.scopes], ["live", []]);
});

test("a secret in use is not revoked by a tick, nor by a page from before it was replaced", async () => {
  const { house, visitor, world, installation, path, clientId, testApp } = await openTeam();
  await house.admin("PATCH", `/apps/${clientId}`, { testInstallations: [installation.id] });
  const user = await world.addUser(installation);
  await testApp.client.exchangeCode(await logIn(house, testApp, user));
  const secrets = async () => (await house.deps.directory.apps.find(clientId))?.secrets ?? [];
  while ((await secrets())[0]?.lastUsedAt === null) await new Promise((resolve) => setImmediate(resolve));
  const [secret] = await secrets();
  const revoke = `${path}/credentials/secrets/${secret?.secretId}/revoke`;
  const page = await open(visitor, `${path}/credentials`);
  const fields = page.forms.find(({ action }) => action === revoke)?.fields ?? {};
  const typed = `typed.${secret?.secretId}`;
  for (const more of [{ sure: "yes" }, { [typed]: "Plan" }])
    assert.equal(requirePage(await visitor.post(revoke, { ...fields, ...more })).status, 422);
  await visitor.submit(page, { secretName: "second" });
  assert.equal(requirePage(await visitor.post(revoke, { ...fields, [typed]: "Planner" })).status, 409);
  assert.equal((await secrets()).length, 2);
  const now = (await open(visitor, `${path}/credentials`)).forms.find(({ action }) => action === revoke)?.fields;
  await visitor.post(revoke, { ...now, [typed]: "Planner" });
  assert.equal((await secrets()).length, 1);
});

test("a stale page deletes, resumes and rotates nothing", async () => {
  const { house, visitor, path, clientId } = await openTeam();
  const danger = await open(visitor, `${path}/danger`);
  const credentials = await open(visitor, `${path}/credentials`);
  await visitor.submit(await open(visitor, `${path}/branding`), { name: "Newer" });
  assert.equal(requirePage(await visitor.submit(danger, { typedName: "Newer" })).status, 409);
  await visitor.submit(credentials, { secretName: "one more" });
  assert.equal(requirePage(await visitor.submit(credentials, {}, "3600")).status, 409);
  const app = await house.deps.directory.apps.find(clientId);
  assert.equal(app?.secrets.length, 2);
});

test("an operator decides about what they saw, by the API too: neither an app nor its wishes nor its publisher slip in behind", async () => {
  const { house, visitor, path, clientId, teamId, status } = await openTeam();
  const send = async (page: string, fill: Record<string, string>) =>
    requirePage(await visitor.submit(await open(visitor, page), fill));
  const press = async (action: string) => visitor.send(await open(visitor, `${path}/review`), path + action);
  const etag = async () => (await house.admin("GET", `/apps/${clientId}`)).headers.get("etag") ?? "";
  const decide = (body: object, match?: string) =>
    house.admin("POST", `/apps/${clientId}/reviews`, body, match === undefined ? {} : { "if-match": match });

  await press("/review/submit");
  const seen = await etag();
  await press("/review/withdraw");
  await send(`${path}/branding`, { name: "Microsoft" });
  await press("/review/submit");
  assert.equal((await decide({ decision: "approve" }, seen)).status, 412);
  assert.equal(await status(), "submitted");
  assert.equal((await decide({ decision: "approve" }, await etag())).status, 201);

  await send(`${path}/scopes`, { "scope.projects": "yes" });
  await send(`${path}/scopes`, { "scope.projects": "yes", "scope.desk": "yes" });
  for (const decision of ["grant_scopes", "decline_scopes"])
    assert.equal((await decide({ decision, scopes: ["projects"] })).status, 409, decision);
  assert.deepEqual((await house.deps.directory.apps.find(clientId))?.scopes, []);
  assert.equal((await decide({ decision: "grant_scopes", scopes: ["desk", "projects"] })).status, 201);
  assert.equal((await send(`/portal/teams/${teamId}/publisher`, { publisherName: "Rockets Ltd" })).status, 200);
});

test("a page of the operator's that is out of date grants nothing and makes nothing live", async () => {
  const { visitor, operator, house, teamId, registerApp } = await openOperator();
  const { clientId } = await registerApp();
  const path = `/portal/apps/${clientId}`;
  const publisher = `/portal/teams/${teamId}/publisher`;
  const send = async (page: string, fill: Record<string, string>) =>
    requirePage(await visitor.submit(await open(visitor, page), fill));
  const app = async () => house.deps.directory.apps.find(clientId);
  await send(`${path}/credentials`, { redirectUri: REDIRECT_URI });
  await send(`${path}/branding`, { description: "Plans." });
  await send(publisher, { publisherName: "Rockets" });
  await visitor.send(await open(visitor, `${path}/review`), `${path}/review/submit`);

  const review = await open(operator, `/operator/apps/${clientId}`);
  await send(publisher, { publisherName: "Microsoft Corporation" });
  assert.equal(requirePage(await operator.send(review, `/operator/apps/${clientId}/approve`)).status, 409);
  assert.equal((await app())?.status, "submitted");
  const fresh = await open(operator, `/operator/apps/${clientId}`);
  await operator.send(fresh, `/operator/apps/${clientId}/approve`);
  assert.equal((await app())?.status, "live");

  await send(`${path}/scopes`, { "scope.projects": "yes" });
  const wish = await open(operator, `/operator/apps/${clientId}`);
  await house.deps.regions
    .require("US")
    .store.appReviews.askScopes({ clientId, scopes: ["projects", "crm"], askedAt: 1 });
  for (const action of ["grant-scopes", "decline-scopes"])
    assert.equal(requirePage(await operator.send(wish, `/operator/apps/${clientId}/${action}`)).status, 409, action);
  assert.deepEqual((await app())?.scopes, []);
});
