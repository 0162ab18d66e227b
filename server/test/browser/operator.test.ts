import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { axeFindings } from "../support/axe.ts";
import { openBrowser } from "../support/browser.ts";
import { openOperator } from "../support/operator.ts";
import { heading, openPerson, press, signIn, takePicture } from "../support/person.ts";
import { open } from "../support/portal-scene.ts";
import { obtainToken } from "../support/world.ts";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

/** In light on a desk, in dark on a phone, and from right to left. */
async function inspect(page: Page, name: string): Promise<void> {
  for (const [colorScheme, width, dir] of [
    ["light", 1280, "ltr"],
    ["dark", 360, "ltr"],
    ["light", 360, "rtl"],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    const sideways = await page.evaluate((direction) => {
      document.documentElement.dir = direction;
      return document.documentElement.scrollWidth - document.documentElement.clientWidth;
    }, dir);
    assert.equal(sideways, 0, `${name}, ${width} px, ${dir}: scrolls sideways`);
    await takePicture(page, `${name}.${colorScheme}.${width}${dir === "rtl" ? ".rtl" : ""}`);
    assert.deepEqual(await axeFindings(page), [], `${name}, ${colorScheme}, ${width} px, ${dir}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.evaluate(() => {
    document.documentElement.dir = "ltr";
  });
}

test("an operator reviews an app and closes a door for somebody, by clicking alone, on pages that axe finds nothing on", async (t) => {
  const scene = await openOperator({ listening: true });
  const { house, world, visitor, teamId, registerApp, operatorUser } = scene;
  const { clientId } = await registerApp("Orbit Planner");
  const path = `/portal/apps/${clientId}`;
  await visitor.submit(await open(visitor, `/portal/teams/${teamId}/publisher`), { publisherName: "Rocket Works" });
  await visitor.submit(await open(visitor, `${path}/credentials`), { redirectUri: "https://app.example.com/callback" });
  await visitor.submit(await open(visitor, `${path}/branding`), { description: "Plans orbits." });
  await visitor.send(await open(visitor, `${path}/review`), `${path}/review/submit`);
  const person = await world.addUser(await world.addInstallation("EU"), { firstName: "Mika", lastName: "Virtanen" });
  await obtainToken(house, await world.registerApp({ name: "Reader" }), person);

  const { page } = await openPerson(t, browser, house, { reducedMotion: "reduce" });
  await page.goto(`${house.config.url}/operator`);
  await signIn(page, operatorUser);
  await heading(page, "Overview");
  await inspect(page, "operator-overview");
  await press(page, "1 app in review");
  await heading(page, "Apps");
  await inspect(page, "operator-apps");
  await press(page, "Orbit Planner");
  await heading(page, "Orbit Planner");
  await inspect(page, "operator-app");
  await page.getByLabel("What is to be changed").fill("Say which orbits.");
  await press(page, "Ask for changes");
  await page.getByText("The team is asked for changes.").waitFor();
  assert.equal((await house.deps.directory.apps.find(clientId))?.status, "changes_requested");

  await page.getByRole("navigation", { name: "Tabs" }).getByRole("link", { name: "Region EU" }).click();
  await page.getByLabel("Look for an installation or a person").fill("virta");
  await press(page, "Search");
  await page.getByRole("link", { name: "Mika Virtanen" }).waitFor();
  await inspect(page, "operator-search");
  await press(page, "Mika Virtanen");
  await heading(page, "Mika Virtanen");
  await inspect(page, "operator-user");
  await press(page, "Disable");
  await page.getByText("Nobody can log in as this person here any more.").waitFor();
  await page.getByRole("navigation", { name: "You are here" }).getByRole("link", { name: "Acme EU" }).click();
  await heading(page, /Acme EU/);
  await inspect(page, "operator-installation");
  await press(page, "Audit log");
  await page.goto(`${house.config.url}/operator/audit?log=EU`);
  await page.getByText("user.change").first().waitFor();
  await inspect(page, "operator-audit");
});
