import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { axeFindings } from "../support/axe.ts";
import { openBrowser } from "../support/browser.ts";
import { hostPages, PAGE_HOST } from "../support/page-host.ts";
import { pageSamples } from "../support/page-samples.ts";
import { takePicture } from "../support/person.ts";

// The pages alone, without the server behind them: how a browser lays them out, and what their script adds.

// Error pages are one page with different words.
const names = Object.keys(pageSamples()).filter((name) => !name.startsWith("error-") || name === "error-redirect-uri");
const hostile = pageSamples(
  (ordinary) => `${ordinary} "><script>hacked = true</script><img src=x onerror="hacked = true"> ${"long".repeat(60)}`,
);

let browser: Browser;
let context: BrowserContext;
before(async () => {
  browser = await openBrowser();
  context = await hostPages(browser, pageSamples(), { permissions: ["clipboard-read", "clipboard-write"] });
});
after(() => browser?.close());

async function open(name: string, within = context): Promise<Page> {
  const page = await within.newPage();
  await page.goto(`${PAGE_HOST}/${name}`);
  return page;
}

const sidewaysScroll = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test("axe finds nothing wrong with any page, in light on a desk, and in dark on a phone, from right to left", async () => {
  const page = await context.newPage();
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const name of names) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(`${PAGE_HOST}/${name}`);
    await takePicture(page, `page-${name}.light.1280`);
    assert.deepEqual(await axeFindings(page), [], name);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: "dark" });
    await takePicture(page, `page-${name}.dark.360`);
    await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    assert.deepEqual(await axeFindings(page), [], `${name}, dark, narrow, right to left`);
  }
  await page.close();
});

test("nothing scrolls sideways at 320 px, left to right or right to left, whatever the names", async () => {
  const strangers = await hostPages(browser, hostile, { viewport: { width: 320, height: 640 } });
  const page = await strangers.newPage();
  for (const name of names) {
    await page.goto(`${PAGE_HOST}/${name}`);
    assert.equal(await sidewaysScroll(page), 0, name);
    await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    assert.equal(await sidewaysScroll(page), 0, `${name}, right to left`);
    assert.equal(await page.evaluate(() => "hacked" in globalThis), false, name);
  }
  await strangers.close();
});

test("a sign-in fits into a popup of 480 by 640 without scrolling", async () => {
  const popup = await hostPages(browser, pageSamples(), { viewport: { width: 480, height: 640 } });
  const page = await open("sign-in", popup);
  assert.ok(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight));
  await popup.close();
});

test("everything one presses is at least 44 px high, but for links inside text", async () => {
  for (const name of ["sign-in", "chooser", "consent", "confirm", "account-picker", "error-redirect-uri"]) {
    const page = await open(name);
    const small = await page
      .locator("button:visible, .check, .primary, .quiet, input:not([type=hidden], [type=checkbox])")
      .evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML));
    assert.deepEqual(small, [], name);
    await page.close();
  }
});

test("where scripts do not run, nothing is shown that needs them", async () => {
  const scriptless = await hostPages(browser, pageSamples(), { javaScriptEnabled: false });
  for (const name of ["sign-in", "chooser-many", "error-redirect-uri"]) {
    const page = await open(name, scriptless);
    assert.equal(
      await page.locator("[data-reveals], [data-search], [data-copies]").locator("visible=true").count(),
      0,
      name,
    );
  }
  await scriptless.close();
});

test("the password can be shown, and is hidden again before it is sent", async () => {
  const page = await open("sign-in");
  const [password, button] = [page.locator("#password"), page.getByRole("button", { name: "Show password" })];
  await page.fill("#email", "dana@acme.example.com");
  await password.fill("correct horse battery");
  await button.click();
  assert.equal(await password.getAttribute("type"), "text");
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  await page.evaluate(() => document.addEventListener("submit", (event) => event.preventDefault()));
  await page.getByRole("button", { name: "Sign in" }).click();
  assert.equal(await password.getAttribute("type"), "password");
  await page.close();
});

test("a form that is pressed twice is sent once, with the name of its button, and works again after Back", async () => {
  const page = await open("consent");
  const bodies: string[] = [];
  await page.route("**/login", async (route) => {
    bodies.push(route.request().postData() ?? "");
    await route.fulfill({ status: 204 });
  });
  const allow = page.getByRole("button", { name: "Allow", exact: true });
  await allow.evaluate((button: HTMLElement) => {
    button.click();
    button.click();
  });
  await page.getByRole("button", { name: "Don’t allow" }).click();
  assert.equal(await allow.getAttribute("aria-disabled"), "true");
  assert.deepEqual(
    bodies.map((body) => new URLSearchParams(body).getAll("decision")),
    [["allow"]],
  );

  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  assert.equal(await allow.getAttribute("aria-disabled"), null);
  await page.close();
});

test("focus starts where typing starts, and on the problem when there is one", async () => {
  const focused = async (name: string) => {
    const page = await open(name);
    await page.evaluate(() => new Promise(requestAnimationFrame)); // focus is given where the first frame is drawn
    const found = await page.evaluate(() => document.activeElement?.id || document.activeElement?.getAttribute("role"));
    await page.close();
    return found;
  };
  assert.equal(await focused("sign-in"), "email");
  assert.equal(await focused("sign-in-unverified"), "password");
  assert.equal(await focused("sign-in-problem"), "alert");
  assert.equal(await focused("new-password-problem"), "alert");
});

test("many installations can be searched, by name and by host", async () => {
  const page = await open("chooser-many");
  const rows = page.locator(".choices > li:visible");
  assert.equal(await rows.count(), 9);
  await page.getByLabel("Search").fill("beta.ex");
  assert.deepEqual(await rows.locator("strong").allTextContents(), ["Beta Labs"]);
  await page.getByLabel("Search").fill("nowhere");
  assert.equal(await rows.count(), 0);
  assert.equal(await page.getByText("Nothing matches.").isVisible(), true);
  await page.close();
});

test("an installation that cannot be chosen says why, and is no button", async () => {
  const page = await open("chooser");
  assert.equal(await page.getByRole("button", { name: /Castle/ }).count(), 0);
  assert.equal(await page.getByText("This app is not allowed here yet").isVisible(), true);
  await page.close();
});

test("the reference of an error can be copied", async () => {
  const page = await open("error-redirect-uri");
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "01JD3V6M9X2K");
  await page.close();
});

test("an app with a scheme of its own is opened once by the script, and not again on reload", async () => {
  const page = await context.newPage();
  const tries: string[] = [];
  page.on("request", (request) => request.url().startsWith("com.example.planner:") && tries.push(request.url()));
  page.on("console", (message) => tries.push(message.text())); // "a user gesture is required": every try but the first
  const tried = page.waitForEvent("requestfailed");
  await page.goto(`${PAGE_HOST}/open-app`);
  await tried;
  await page.reload();
  await page.getByRole("link", { name: "Open Acme Planner" }).focus();
  assert.deepEqual(tries, ["com.example.planner:/done?code=7cc8debd"]);
  assert.equal(page.url(), `${PAGE_HOST}/open-app`);
  await page.close();
});
