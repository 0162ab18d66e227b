import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { axeFindings } from "../support/axe.ts";
import { openBrowser } from "../support/browser.ts";
import { openHouse } from "../support/house.ts";
import { heading, openPerson, press, signIn, takePicture } from "../support/person.ts";
import { worldOf } from "../support/world.ts";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

/** A developer at the page that tries their new app. */
async function openTry(t: TestContext, options: { javaScriptEnabled?: boolean } = {}) {
  const house = await openHouse({ listening: true });
  const world = worldOf(house);
  const developer = await world.addUser(await world.addInstallation());
  const { page } = await openPerson(t, browser, house, options);
  await page.goto(`${house.config.url}/portal`);
  await signIn(page, developer);
  await page.getByLabel("Name").fill("Makers");
  await page.locator("main button[type=submit]").click();
  await page.goto(`${page.url()}/new-app`);
  await page.getByLabel("Name").fill("Planner");
  await page.locator("main button[type=submit]").click();
  await press(page, "Try it");
  return { page };
}

/** As the sandbox's first test user, whose e-mail is filled in already. */
async function logInAsAda(page: Page, password: string) {
  await page.getByLabel("Password", { exact: true }).fill(password);
  await press(page, "Sign in");
  await heading(page, "Allow Planner?");
}

const passwordOn = async (page: Page) => (await page.locator("label.choice code").nth(1).textContent()) ?? "";

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";

  test(`${how}, a developer tries their app by redirect, makes a mistake, and ends the token`, async (t) => {
    const { page } = await openTry(t, { javaScriptEnabled });
    const password = await passwordOn(page);
    await press(page, "Log in");
    await logInAsAda(page, password);
    await press(page, "Allow");

    await page.getByText("The code works until").waitFor();
    assert.equal(await page.getByText(/: 1[45]:\d\d left/).count(), javaScriptEnabled ? 1 : 0);
    await press(page, "With a wrong secret");
    await page.getByText("HTTP 401").first().waitFor();
    await press(page, "Exchange the code");
    await page.getByText("HTTP 200").first().waitFor();
    await press(page, "Ask whose token it is");
    await page.getByText("awsRegion").waitFor();
    if (javaScriptEnabled) {
      await takePicture(page, "try-it");
      assert.deepEqual(await axeFindings(page), []);
    }
    await press(page, "Use the code again");
    await page.getByText("The token has ended").waitFor();
  });
}

test("a developer tries their app in a popup, which closes and shows the result in the portal's own window", async (t) => {
  const { page } = await openTry(t);
  const password = await passwordOn(page);
  const [popup] = await Promise.all([page.waitForEvent("popup"), press(page, "Log in in a popup")]);
  await logInAsAda(popup, password);
  await Promise.all([popup.waitForEvent("close"), page.waitForURL(/\/try\/US\./), press(popup, "Allow")]);
  await page.getByText("The code works until").waitFor();
});
