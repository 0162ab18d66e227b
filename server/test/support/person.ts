import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import type { House } from "./house.ts";
import type { TestUser } from "./world.ts";

const PICTURES = join(import.meta.dirname, "../../../screenshots");

/** Somebody with a real browser: cookies of their own, and one window to begin with. */
export interface Person {
  page: Page;
  context: BrowserContext;
  newTab(): Promise<Page>;
}

/**
 * Opens a browser for one test. Whatever happens on pages of the house is watched: an error of a script, a word of
 * the console (so a breach of the Content-Security-Policy too), or a part of a page that another host was asked for
 * fails the test.
 */
export async function openPerson(
  t: TestContext,
  browser: Browser,
  house: House,
  options: BrowserContextOptions = {},
): Promise<Person> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(60_000);
  const troubles: string[] = [];
  const home = new URL(house.config.url).origin;
  const isHome = (url: string) => URL.parse(url)?.origin === home;

  // A remark on somebody who types before the browser gets to it: a page has one such field at most.
  const ofQuickTypists = "Autofocus processing was blocked because a document already has a focused element.";

  context.on("weberror", (error) => troubles.push(`script: ${error.error().message}`));
  context.on("console", (message) => {
    const isStatus = message.text().startsWith("Failed to load resource: the server responded with a status of 4");
    const where = message.location().url || (message.page()?.url() ?? ""); // words about inline parts name no place
    if (isHome(where) && !isStatus && message.text() !== ofQuickTypists) troubles.push(`console: ${message.text()}`);
  });
  context.on("request", (request) => {
    if (request.isNavigationRequest() || isHome(request.url())) return;
    if (isHome(request.frame().url())) troubles.push(`third party: ${request.url()}`);
  });
  const page = await context.newPage();
  t.after(async () => {
    const { passed } = t as TestContext & { passed: boolean }; // which the types do not know
    if (!passed) for (const one of context.pages()) await takePicture(one, `failed-${t.name}`).catch(() => {});
    await context.close();
    assert.deepEqual(troubles, []);
  });
  return { page, context, newTab: () => context.newPage() };
}

export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name.replace(/[^\w.-]+/g, "-").slice(0, 80)}.png`), fullPage: true });
}

/** Fills in the sign-in page, which must be before the person, and sends it. */
export async function signIn(page: Page, { email, password }: Pick<TestUser, "email" | "password">): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await press(page, "Sign in");
}

/** Presses a button or a link by what it says. */
export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page
    .getByRole("button", { name, ...(typeof name === "string" && { exact: true }) })
    .or(page.getByRole("link", { name, ...(typeof name === "string" && { exact: true }) }))
    .click();

/** The page's heading, once it is the one that is waited for. */
export const heading = (page: Page, text: string | RegExp): Promise<void> =>
  page.getByRole("heading", { level: 1, name: text }).waitFor();
