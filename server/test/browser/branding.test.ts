import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { axeFindings } from "../support/axe.ts";
import { openBrowser } from "../support/browser.ts";
import { openPerson, signIn, takePicture } from "../support/person.ts";
import { openPortal } from "../support/portal-scene.ts";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

async function openBranding(t: Parameters<typeof openPerson>[0]) {
  const portal = await openPortal({ listening: true });
  const { house, developer, registerApp } = portal;
  const { clientId } = await registerApp();
  const { page } = await openPerson(t, browser, house, { reducedMotion: "reduce" });
  await page.goto(`${house.config.url}/portal/apps/${clientId}/branding`);
  await signIn(page, developer);
  await page.getByLabel("Description").waitFor();
  return { ...portal, clientId, page };
}

test("the page that asks for consent follows what is typed, in both themes, and nothing of it runs or is kept", async (t) => {
  const { house, page, clientId } = await openBranding(t);
  const shown = page.locator("#preview .headline");
  assert.deepEqual(await shown.allInnerTexts(), ["Allow Planner?", "Allow Planner?"]);

  await page.getByLabel("Name", { exact: true }).fill("Orbit <img src=x onerror=alert(1)>");
  await page.getByLabel("Description").pressSequentially("Plans orbits.\nAnd returns.");
  await page.locator("#preview").getByText("Plans orbits. And returns.").first().waitFor();
  assert.deepEqual(await shown.allInnerTexts(), Array(2).fill("Allow Orbit <img src=x onerror=alert(1)>?"));
  assert.equal(await page.locator("#preview img").count(), 0);
  assert.equal((await house.deps.directory.apps.find(clientId))?.name, "Planner");

  const grounds = await page
    .locator("#preview .card")
    .evaluateAll((cards) => cards.map((card) => getComputedStyle(card).backgroundColor));
  assert.notEqual(grounds[0], grounds[1], "one by day, one by night");
  await takePicture(page, "branding-live");
  assert.deepEqual(await axeFindings(page), []);
});

test("a picture is chosen from a file, made small, shown on the page that asks, and kept", async (t) => {
  const { house, page, clientId } = await openBranding(t);
  const picker = page.getByLabel("Choose a picture");
  await picker.setInputFiles({ name: "notes.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await page.getByText("This file is no picture").waitFor();

  const buffer = readFileSync(join(import.meta.dirname, "../../../docs/pictures/login.png"));
  await picker.setInputFiles({ name: "login.png", mimeType: "image/png", buffer });
  await page.locator("#preview img.tile").first().waitFor();
  assert.equal(await page.locator("#preview img.tile").count(), 2);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  await takePicture(page, "branding-icon");
  assert.deepEqual(await axeFindings(page), []);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. Every server").waitFor();

  const icon = (await house.deps.directory.apps.find(clientId))?.icon ?? "";
  assert.match(icon, /^data:image\/webp;base64,/);
  assert.ok(icon.length <= 8_192);
  assert.ok((await page.locator(".app-title img.tile").evaluate((img: HTMLImageElement) => img.naturalWidth)) > 0);
});

test("the preview can be looked at and not used", async (t) => {
  const { page } = await openBranding(t);
  const allow = page.locator("#preview button", { hasText: "Allow" }).first();
  await allow.waitFor({ state: "attached" });
  const address = page.url();
  await allow.click({ force: true });
  await allow.evaluate((button) => (button as HTMLElement).focus());
  assert.equal(await allow.evaluate((button) => button === document.activeElement), false);
  assert.equal(page.url(), address);
});
