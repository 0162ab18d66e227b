import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { openAppServer } from "../support/app-server.ts";
import { openBrowser } from "../support/browser.ts";
import { type House, openHouse } from "../support/house.ts";
import { openMailbox } from "../support/mailbox.ts";
import { heading, openPerson, press, signIn } from "../support/person.ts";
import { worldOf } from "../support/world.ts";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

const PASSWORD = "eight muddy zebras";

async function openWorld(t: TestContext) {
  const house = await openHouse({ listening: true });
  return { house, world: worldOf(house), server: await openAppServer(t, house) };
}

/** Reads the newest mail in the dev outbox, as a developer does, and follows its link. */
async function followMail(page: Page, house: House, subject: RegExp) {
  await openMailbox(house).settled();
  await page.goto(`${house.config.url}/dev/outbox`);
  await page.getByRole("link", { name: subject }).first().click();
  await page.getByRole("link", { name: /\/login\/link\// }).click();
}

async function savePassword(page: Page, password: string) {
  await page.getByLabel("New password", { exact: true }).fill(password);
  await press(page, "Save the password");
}

test("who is invited by mail chooses a password, and logs in to an app with it", async (t) => {
  const { house, world, server } = await openWorld(t);
  const installation = await world.addInstallation("EU", { name: "Blume" });
  const { email } = await world.addUser(installation, { password: undefined });
  const { page } = await openPerson(t, browser, house);

  await followMail(page, house, /Blume/);
  await heading(page, "You are invited");
  await press(page, "Accept the invitation");
  assert.equal(await page.getByLabel("E-mail").inputValue(), email);
  await savePassword(page, "short");
  assert.equal(
    await page
      .getByLabel("New password", { exact: true })
      .evaluate((field: HTMLInputElement) => field.validity.tooShort),
    true,
  );
  await savePassword(page, "password1234");
  await page.getByRole("alert").waitFor();
  await savePassword(page, PASSWORD);
  await heading(page, "Your password is saved");

  await page.goto(`${server.origin}/login`);
  await signIn(page, { email, password: PASSWORD });
  await press(page, "Allow");
  await heading(page, "Hello Dana of Blume");
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";
  test(`${how}, who forgot the password chooses another by mail, and goes on to the app they came from`, async (t) => {
    const { house, world, server } = await openWorld(t);
    const user = await world.addUser(await world.addInstallation());
    const { page } = await openPerson(t, browser, house, { javaScriptEnabled });

    await page.goto(`${server.origin}/login`);
    await signIn(page, { email: user.email, password: "what was it again" });
    await page.getByRole("alert").waitFor();
    await press(page, "Forgot your password?");
    await heading(page, "Reset your password");
    assert.equal(await page.getByLabel("E-mail").inputValue(), user.email); // nobody types it twice
    await press(page, "Send the link");
    await heading(page, "Check your mail");
    await page.getByText(user.email).waitFor();
    await followMail(page, house, /password/i);
    await heading(page, "Reset your password");
    await press(page, "Choose a new password");
    await savePassword(page, PASSWORD);
    await heading(page, "Your password is saved");
    await press(page, "Sign in");
    await signIn(page, { email: user.email, password: user.password }); // the old one
    await page.getByRole("alert").waitFor();
    await signIn(page, { email: user.email, password: PASSWORD });
    await press(page, "Allow");

    await heading(page, "Hello Dana of Acme US");
    await followMail(page, house, /Reset|choose/i);
    await heading(page, "This link no longer works");
  });
}
