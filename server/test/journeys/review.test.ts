import assert from "node:assert/strict";
import { test } from "node:test";
import { openMailbox } from "../support/mailbox.ts";
import { open, openPortal, type PortalScene } from "../support/portal-scene.ts";
import { loginPath } from "../support/scene.ts";
import { type Page, requireLeft, requirePage, Visitor } from "../support/visitor.ts";
import { signIn } from "../support/world.ts";

type Review = Awaited<ReturnType<typeof openReview>>;

/** An app with all that a review needs. */
async function openReview() {
  const portal = await openPortal();
  const { house, visitor, teamId, registerApp } = portal;
  const { clientId } = await registerApp();
  const path = `/portal/apps/${clientId}`;
  await publish(portal);
  await visitor.submit(await open(visitor, `${path}/credentials`), { redirectUri: "https://app.example.com/callback" });
  await visitor.submit(await open(visitor, `${path}/branding`), { description: "Plans the work of a team." });
  const app = async () => {
    const found = await house.deps.directory.apps.find(clientId);
    assert.ok(found);
    return found;
  };
  const press = async (action: string, who = visitor): Promise<Page> => {
    const sent = await who.send(await open(who, path + action.slice(0, action.lastIndexOf("/"))), path + action);
    return requirePage(sent);
  };
  const decide = (decision: string, comment = "", scopes?: readonly string[]) =>
    house.admin("POST", `/apps/${clientId}/reviews`, { decision, comment, scopes });
  const reviews = async () => (await house.admin("GET", `/apps/${clientId}/reviews`)).body.items;
  return { ...portal, clientId, path, teamId, app, press, decide, reviews };
}

async function publish({ visitor, teamId }: Pick<PortalScene, "visitor" | "teamId">) {
  const page = await open(visitor, `/portal/teams/${teamId}/publisher`);
  await visitor.submit(page, { publisherName: "Rocket Works", privacyUrl: "https://rocket.example/privacy" });
}

const statusOf = async ({ app }: Review) => (await app()).status;

test("an app is submitted when all that a review needs is there, and not before", async () => {
  const { house, visitor, registerApp, teamId } = await openPortal();
  const { clientId } = await registerApp();
  const path = `/portal/apps/${clientId}/review`;
  const page = await open(visitor, path);
  assert.match(page.html, /In development/);
  assert.equal(page.html.match(/>Needed</g)?.length, 3);
  assert.equal(
    page.forms.find(({ action }) => action.endsWith("/submit")),
    undefined,
  );
  const fields = (await open(visitor, `/portal/apps/${clientId}/danger`)).forms.at(-1)?.fields ?? {};
  const refused = requirePage(await visitor.post(`${path}/submit`, { ...fields }));
  assert.equal(refused.status, 422);
  assert.match(refused.html, /Something that a review needs is missing/);
  assert.equal((await house.deps.directory.apps.find(clientId))?.status, "development");
  assert.ok(page.html.includes(`/portal/teams/${teamId}/publisher`));
});

test("from development by changes to live: each step is told where its team reads it, and by mail", async () => {
  const review = await openReview();
  const { house, visitor, path, press, decide, reviews, developer } = review;
  const mailbox = openMailbox(house);

  const submitted = await press("/review/submit");
  assert.match(submitted.html, /In review/);
  assert.equal(await statusOf(review), "submitted");
  assert.equal((await decide("request_changes")).status, 422);
  assert.equal((await decide("request_changes", "Say what it does with <b>tickets</b>.")).status, 201);
  assert.equal(await statusOf(review), "changes_requested");
  const mail = await mailbox.newest(developer.email);
  assert.match(mail.text, new RegExp(`${path}/review`));
  assert.doesNotMatch(mail.text, /tickets/);

  for (const tab of ["", "/review"])
    assert.match((await open(visitor, path + tab)).html, /Say what it does with &lt;b&gt;tickets/);
  await press("/review/submit");
  assert.equal((await decide("approve")).status, 201);
  assert.equal(await statusOf(review), "live");
  const events = (await reviews()).map(({ event }: { event: string }) => event);
  assert.deepEqual(events, ["submitted", "changes_requested", "submitted", "approved"]);
  const { body } = await house.admin("GET", "/audit?limit=200");
  const actions = body.items.filter(({ target }: { target: string }) => target === review.clientId);
  assert.deepEqual(
    actions
      .map(({ action }: { action: string }) => action)
      .filter((action: string) => action !== "app.change")
      .sort(),
    ["app.register", "app.review", "app.review", "app.submit", "app.submit"],
  );
});

test("what is in review stands still; a team takes it back to change it", async () => {
  const review = await openReview();
  const { visitor, path, press, decide } = review;
  const form = await open(visitor, `${path}/branding`);
  await press("/review/submit");
  assert.equal(requirePage(await visitor.submit(form, { name: "Late" })).status, 409);
  const refused = requirePage(await visitor.submit(await open(visitor, `${path}/branding`), { name: "Late" }));
  assert.equal(refused.status, 422);
  assert.match(refused.html, /in review\. Withdraw it/);
  const back = await press("/review/withdraw");
  assert.match(back.html, /back in development/);
  assert.equal(await statusOf(review), "development");
  assert.equal((await decide("approve")).status, 409);
});

test("a live app keeps to the scopes that were reviewed until an operator grants more", async () => {
  const review = await openReview();
  const { house, world, installation, clientId, visitor, path, app, press, decide, reviews } = review;
  await visitor.submit(await open(visitor, `${path}/scopes`), { "scope.projects": "yes" });
  await press("/review/submit");
  await decide("approve");
  assert.equal((await decide("grant_scopes", "", ["desk"])).status, 409);
  const user = new Visitor(house);
  const login = loginPath({ clientId, redirectUri: "https://app.example.com/callback" });
  const consent = requirePage(await signIn(user, login, await world.addUser(installation)));
  requireLeft(await user.submit(consent, {}, "allow"));

  const asked = requirePage(await visitor.submit(await open(visitor, `${path}/scopes`), { "scope.desk": "yes" }));
  assert.match(asked.html, /An operator decides about the scopes that are new/);
  assert.deepEqual((await app()).scopes, ["projects"]);
  assert.match((await open(visitor, `${path}/review`)).html, /Waiting for more scopes/);
  requireLeft(await user.go(login));
  assert.equal((await decide("decline_scopes", "Not yet.", ["desk"])).status, 201);
  assert.deepEqual((await app()).scopes, ["projects"]);

  await visitor.submit(await open(visitor, `${path}/scopes`), { "scope.desk": "yes" });
  assert.equal((await decide("grant_scopes")).status, 422);
  assert.equal((await decide("grant_scopes", "", ["desk"])).status, 201);
  assert.match(requirePage(await user.go(login)).html, /Read and answer support tickets/);
  assert.deepEqual((await app()).scopes, ["projects", "desk"]);
  assert.equal(await statusOf(review), "live");
  assert.deepEqual(
    (await reviews()).slice(-4).map(({ event, scopes }: Record<string, unknown>) => [event, scopes]),
    [
      ["scopes_asked", ["desk"]],
      ["scopes_declined", ["desk"]],
      ["scopes_asked", ["desk"]],
      ["scopes_granted", ["desk"]],
    ],
  );
  // Fewer need nobody's word.
  const page = await open(visitor, `${path}/scopes`);
  const fields = page.forms.find(({ action }) => action === `${path}/scopes`)?.fields ?? {};
  const { "scope.projects": _, ...fewer } = fields;
  await visitor.post(`${path}/scopes`, fewer);
  assert.deepEqual((await app()).scopes, ["desk"]);
});

test("what an operator suspends comes back as it was, by an operator", async () => {
  const review = await openReview();
  const { house, clientId, visitor, path, press, decide } = review;
  await press("/review/submit");
  await decide("approve");
  assert.equal((await decide("suspend", "It mails people at night.")).status, 201);
  assert.match((await open(visitor, `${path}/review`)).html, /It mails people at night/);
  assert.doesNotMatch((await open(visitor, `${path}/danger`)).html, />Resume</);
  assert.equal((await decide("resume")).status, 201);
  assert.equal(await statusOf(review), "live");

  // What the operator's API sets leaves a line too, so that it comes back as what it was last.
  for (const status of ["changes_requested", "suspended"])
    assert.equal((await house.admin("PATCH", `/apps/${clientId}`, { status })).status, 200);
  assert.match((await open(visitor, `${path}/review`)).html, /An operator<\/bdi> suspended it/);
  await decide("resume");
  assert.equal(await statusOf(review), "changes_requested");
});

test("two decisions about one app do not overwrite each other", async () => {
  const review = await openReview();
  const { press, decide, reviews } = review;
  await press("/review/submit");
  const answers = await Promise.all([decide("approve"), decide("request_changes", "No.")]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
  const events = (await reviews()).map(({ event }: { event: string }) => event);
  assert.equal(events.length, 2);
  assert.equal(events[1] === "approved" ? "live" : "changes_requested", await statusOf(review));
});

test("while the team's region is down its app waits as it is, and the page says so", async () => {
  const { house, teamId, clientId, path, press, app, another } = await openReview();
  const { visitor: member } = await another("admin");
  await press("/review/submit");
  // The team's home is the EU now, as if its maker had lived there.
  await house.deps.directory.db.batch([["UPDATE team SET region = 'EU' WHERE team_id = $1", [teamId]]]);
  await house.deps.regions.require("EU").store.db.close();
  const page = await open(member, `${path}/review`);
  assert.match(page.html, /region does not answer/);
  const refused = requirePage(await member.send(page, `${path}/review/withdraw`));
  assert.equal(refused.status, 503);
  assert.equal((await house.admin("POST", `/apps/${clientId}/reviews`, { decision: "approve" })).status, 503);
  assert.equal((await app()).status, "submitted");
  assert.equal((await house.admin("POST", `/apps/${clientId}/reviews`, { decision: "suspend" })).status, 201);
  assert.equal((await app()).status, "suspended", "which waits for no region; its line is lost");
});

test("with an app goes the history of its review", async () => {
  const { house, clientId, press } = await openReview();
  await press("/review/submit");
  const { appReviews } = house.deps.regions.require("US").store;
  assert.equal((await appReviews.latest(clientId, 5)).length, 1);
  assert.equal((await house.admin("DELETE", `/apps/${clientId}`)).status, 204);
  assert.equal((await appReviews.latest(clientId, 5)).length, 0);
  assert.equal(await house.deps.directory.teams.findApp(clientId), undefined);
});
