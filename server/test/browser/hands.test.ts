import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { openAppServer } from "../support/app-server.ts";
import { openBrowser } from "../support/browser.ts";
import { openHouse } from "../support/house.ts";
import { linkIn, openMailbox } from "../support/mailbox.ts";
import { heading, openPerson, press } from "../support/person.ts";
import { worldOf } from "../support/world.ts";

// By keyboard, by password manager, with Caps Lock on: what fills in the fields besides a mouse.

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

async function openWorld(t: TestContext) {
  const house = await openHouse({ listening: true });
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation("US", { name: "Acme" }));
  await world.addUser(await world.addInstallation("EU", { name: "Blume" }), { email: user.email });
  return { house, user, server: await openAppServer(t, house), person: await openPerson(t, browser, house) };
}

/** Presses Tab until what is wanted has the focus; everything on the way must show that it has it. */
async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 20; presses++) {
    await page.keyboard.press("Tab");
    const { text, outline } = await page.evaluate(() => {
      const focused = document.activeElement;
      const style = focused && getComputedStyle(focused);
      return { text: focused?.textContent?.trim() ?? "", outline: `${style?.outlineStyle} ${style?.outlineWidth}` };
    });
    assert.match(outline, /^solid [2-9]/, `${text} shows its focus`);
    if (wanted.test(text)) return;
    seen.push(text);
  }
  throw new Error(`Tab came to ${seen.join(", ")} and not to ${wanted}`);
}

test("the whole login can be done by the keyboard alone", async (t) => {
  const { user, server, person } = await openWorld(t);
  const { page } = person;
  await page.goto(`${server.origin}/login`);
  await heading(page, "Sign in");

  await page.keyboard.type(user.email); // the focus is there already
  await page.keyboard.press("Tab");
  await page.keyboard.type(user.password);
  await page.keyboard.press("Enter");
  await heading(page, "Choose an installation");
  await tabTo(page, /Blume/);
  await page.keyboard.press("Enter");
  await heading(page, "Allow Example app?");
  await tabTo(page, /^Allow$/);
  await page.keyboard.press("Space");

  await heading(page, "Hello Dana of Blume");
});

test("password managers find what they look for: the pair to fill in, and the new password to keep", async (t) => {
  const { house, user, server, person } = await openWorld(t);
  const { page } = person;
  const fields = () =>
    page
      .locator("form:has(#password) input:not([type=hidden], [type=checkbox])")
      .evaluateAll((all) => all.map((one) => ["name", "type", "autocomplete"].map((name) => one.getAttribute(name))));
  await page.goto(`${server.origin}/login`);
  await heading(page, "Sign in");
  assert.deepEqual(await fields(), [
    ["email", "email", "username"],
    ["password", "password", "current-password"],
  ]);

  await press(page, "Forgot your password?");
  await page.getByLabel("E-mail").fill(user.email);
  await press(page, "Send the link");
  await heading(page, "Check your mail");
  await page.goto(house.config.url + linkIn(await openMailbox(house).newest(user.email)));
  await press(page, "Choose a new password");
  await page.getByLabel("New password", { exact: true }).waitFor();
  assert.deepEqual(await fields(), [
    ["email", "email", "username"],
    ["password", "password", "new-password"],
  ]);
  assert.equal(await page.getByLabel("E-mail").inputValue(), user.email);

  await page.goto(`${house.config.url}/.well-known/change-password`);
  await heading(page, "Reset your password");
});

test("a password manager that fills in without events, and submits by itself, logs in", async (t) => {
  const { user, server, person } = await openWorld(t);
  const { page } = person;
  await page.goto(`${server.origin}/login`);
  await heading(page, "Sign in");

  await page.evaluate(({ email, password }) => {
    const field = (name: string) => document.querySelector<HTMLInputElement>(`[name=${name}]`);
    const [name, secret] = [field("email"), field("password")];
    if (name) name.value = email;
    if (secret) secret.value = password;
    secret?.form?.requestSubmit();
  }, user);

  await heading(page, "Choose an installation");
});

test("the password can be shown and hidden, and Caps Lock is pointed out while it is on", async (t) => {
  const { user, server, person } = await openWorld(t);
  const { page } = person;
  await page.goto(`${server.origin}/login`);
  const password = page.getByLabel("Password", { exact: true });
  const show = page.getByRole("button", { name: "Show password" });
  await page.getByLabel("E-mail").fill(user.email);
  await password.fill(user.password);

  await show.click();
  assert.equal(await password.getAttribute("type"), "text");
  await show.click();
  assert.equal(await password.getAttribute("type"), "password");
  await show.click();

  const typeWith = (modifierCapsLock: boolean) => password.dispatchEvent("keydown", { key: "a", modifierCapsLock });
  await typeWith(true);
  assert.equal(await page.getByText("Caps Lock is on.").isVisible(), true);
  await typeWith(false);
  assert.equal(await page.getByText("Caps Lock is on.").count(), 0);

  await press(page, "Sign in"); // and it is sent as a password, so that no browser keeps it as a text
  await heading(page, "Choose an installation");
});
