import assert from "node:assert/strict";
import { test } from "node:test";
import { open, openPortal, type PortalScene } from "../support/portal-scene.ts";
import { loginPath } from "../support/scene.ts";
import { type Page, requirePage, Visitor } from "../support/visitor.ts";
import { REDIRECT_URI, signIn } from "../support/world.ts";

/** A live app of a team in the US, and the consent page as a user of the EU gets it. */
async function openPublished(publisher: Record<string, string> = { publisherName: "Rocket Works" }) {
  const portal = await openPortal();
  const { house, world, visitor, registerApp } = portal;
  const { clientId } = await registerApp();
  await visitor.submit(await open(visitor, `/portal/apps/${clientId}/credentials`), { redirectUri: REDIRECT_URI });
  await house.admin("PATCH", `/apps/${clientId}`, { status: "live" });
  await publish(portal, publisher);
  const user = await world.addUser(await world.addInstallation("EU"));
  const app = { clientId, redirectUri: REDIRECT_URI };
  const consent = async (): Promise<Page> => requirePage(await signIn(new Visitor(house), loginPath(app), user));
  return { ...portal, app, consent };
}

async function publish(
  { visitor, teamId }: Pick<PortalScene, "visitor" | "teamId">,
  publisher: Record<string, string>,
) {
  const page = requirePage(await visitor.submit(await open(visitor, `/portal/teams/${teamId}/publisher`), publisher));
  assert.equal(page.status, 200);
}

test("the page that asks for consent says who publishes the app, and links their pages safely", async () => {
  const { consent, visitor, teamId } = await openPublished({
    publisherName: "Rocket Works",
    publisherUrl: "https://rocket.example/",
    privacyUrl: "https://rocket.example/privacy",
    termsUrl: "http://rocket.example/terms",
  });
  const { html, title } = await consent();
  assert.match(title, /Allow Planner/);
  assert.match(html, /By <b><bdi>Rocket Works<\/bdi><\/b>/);
  const link = `<a href="https://rocket.example/privacy" rel="noopener noreferrer" target="_blank">Privacy policy</a>`;
  assert.ok(html.includes(link));
  assert.ok(!html.includes("http://rocket.example/terms"), "an address that anybody on the way can change is no link");
  // Whoever changes it sees it at once.
  await publish({ visitor, teamId }, { publisherName: `<b>Evil</b>"><script>` });
  assert.match((await consent()).html, /By <b><bdi>&lt;b&gt;Evil/);
});

test("an app of the operator's API has no publisher, and a sign-in page asks nobody for one", async () => {
  const { house, world, app, consent } = await openPublished();
  const page = async (path: string) => requirePage(await new Visitor(house).go(path)).html;
  assert.doesNotMatch(await page(loginPath(app)), /Rocket Works/);
  await consent();
  assert.match(await page(loginPath(app)), /By <b><bdi>Rocket Works/);
  const other = await world.registerApp();
  const user = await world.addUser(await world.addInstallation());
  const asked = requirePage(await signIn(new Visitor(house), loginPath(other), user));
  assert.match(asked.title, /Allow/);
  assert.doesNotMatch(asked.html, /By <b>/);
});

test("a login does without the publisher while the team's region is down", async () => {
  const { house, consent } = await openPublished();
  await house.deps.regions.require("US").store.db.close();
  const { html, title } = await consent();
  assert.match(title, /Allow Planner/);
  assert.doesNotMatch(html, /Rocket Works/);
});
