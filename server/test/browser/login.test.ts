import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import type { Browser } from "playwright-core";
import { openAppServer } from "../support/app-server.ts";
import { openBrowser } from "../support/browser.ts";
import { openHouse } from "../support/house.ts";
import { heading, openPerson, press, signIn } from "../support/person.ts";
import { worldOf } from "../support/world.ts";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

/** Dana belongs to a company in each region. */
async function openWorld(t: TestContext, more: Record<string, unknown> = {}) {
  const house = await openHouse({ listening: true });
  const world = worldOf(house);
  const american = await world.addUser(await world.addInstallation("US", { name: "Acme" }));
  const european = await world.addUser(await world.addInstallation("EU", { name: "Blume" }), { email: american.email });
  return { house, world, user: american, european, server: await openAppServer(t, house, more) };
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";

  test(`${how}, a login goes from the app through all pages back to the app, and on to a third site`, async (t) => {
    const { house, world, user, european, server } = await openWorld(t);
    const guard = await world.addGuard();
    const { page } = await openPerson(t, browser, house, { javaScriptEnabled });

    await page.goto(server.origin);
    await press(page, "Log in");
    await signIn(page, user);
    await heading(page, "Choose an installation");
    await press(page, /Blume/);
    await heading(page, "Allow Example app?");
    await press(page, "Allow");
    await page.waitForURL(server.welcome);

    await heading(page, "Hello Dana of Blume");
    const [callback] = server.callbacks;
    assert.equal(callback?.url.pathname, "/callback");
    assert.match(callback?.url.searchParams.get("code") ?? "", /-EU$/);
    assert.equal(callback?.referrer, undefined, "no address of the login reaches the app");
    const [grant] = server.grants;
    assert.deepEqual(await guard(`Bearer ${grant?.access_token}`), {
      region: "EU",
      installationId: european.installation.id,
      userId: european.id,
      clientId: server.app.clientId,
      scopes: ["projects"],
    });
    assert.equal((await server.client.userInfo(grant?.access_token ?? "")).email, user.email);
  });

  test(`${how}, signing in leads straight on where nothing is left to ask`, async (t) => {
    const { house, user, european, server } = await openWorld(t, { trusted: true });
    const { page } = await openPerson(t, browser, house, { javaScriptEnabled });

    await page.goto(`${server.origin}/login?installation=EU-${european.installation.id}`);
    await signIn(page, user); // this very POST ends at the third site, by two redirects

    await heading(page, "Hello Dana of Blume");
    await page.goto(`${server.origin}/login?installation=EU-${european.installation.id}`);
    await heading(page, "Hello Dana of Blume"); // and whoever is signed in sees no page at all
    assert.equal(server.grants.length, 2);
  });

  test(`${how}, an app with a scheme of its own is opened from a page that keeps the code to itself`, async (t) => {
    const { house, world, user, european } = await openWorld(t);
    const redirectUri = "com.example.planner:/done";
    const app = await world.registerApp({ name: "Planner", kind: "public", redirectUris: [redirectUri] });
    const { page } = await openPerson(t, browser, house, { javaScriptEnabled });
    const { url, ...expected } = await app.client.startLogin({ installation: european.installation.id });
    const opened: string[] = [];
    page.on("request", (request) => request.url().startsWith("com.example.planner:") && opened.push(request.url()));

    await page.goto(url);
    await signIn(page, user);
    await heading(page, "Allow Planner?");
    const tried = javaScriptEnabled ? page.waitForEvent("requestfailed") : undefined; // no such program is installed
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === "POST"),
      press(page, "Allow"),
    ]);
    await tried;

    await heading(page, "You are signed in");
    assert.equal(await page.getByText("It is safe to close this window.").isVisible(), true);
    const link = (await page.getByRole("link", { name: "Open Planner" }).getAttribute("href")) ?? "";
    assert.deepEqual(opened, javaScriptEnabled ? [link] : []);
    assert.equal(page.url().includes("code="), false);
    assert.equal(answer.headers()["referrer-policy"], "no-referrer");
    const grant = await app.client.exchangeCode(app.client.readCallback(link, expected));
    assert.equal(grant.user.id, european.id);
  });
}

test("a login in a popup hands over to the page that opened it, and closes", async (t) => {
  const { house, user, server } = await openWorld(t);
  const { page } = await openPerson(t, browser, house);

  await page.goto(server.origin);
  const [popup] = await Promise.all([page.waitForEvent("popup"), press(page, "Log in by a popup")]);
  await signIn(popup, user);
  await press(popup, /Acme/);
  await heading(popup, "Allow Example app?");
  await Promise.all([popup.waitForEvent("close"), press(popup, "Allow")]);

  await page.getByText("Hello Dana of Acme").waitFor();
});
