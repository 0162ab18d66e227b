import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { listen } from "../../src/listen.ts";
import { axeFindings } from "../support/axe.ts";
import { openBrowser } from "../support/browser.ts";
import { openHouse } from "../support/house.ts";
import { heading, openPerson, press, takePicture } from "../support/person.ts";
import { OPEN, PASSWORD } from "../support/sign-up.ts";
import { start, writeFiles } from "../support/snippet-programs.ts";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

/** From the portal's front door to a team of one's own, by what the pages offer. The mail is read in a second tab. */
async function signUp(t: TestContext, { javaScriptEnabled = true } = {}) {
  const house = await openHouse({ ...OPEN, listening: true });
  const { page, context } = await openPerson(t, browser, house, { javaScriptEnabled });
  const look = javaScriptEnabled ? lookAt : async () => {}; // who looks is a script
  await page.goto(`${house.config.url}/portal`);
  await press(page, "Create a developer account");
  await look(page, "sign-up");
  await page.getByLabel("E-mail").fill("nova@comets.example.com");
  await page.getByLabel("European Union").check();
  await press(page, "Continue");
  await heading(page, "Check your mail");
  await look(page, "sign-up-code");

  const [mails] = await Promise.all([context.waitForEvent("page"), press(page, "the outbox")]);
  await mails.waitForLoadState();
  while ((await mails.locator("main a").count()) === 0) await mails.reload(); // mails leave a moment after the page
  await mails.locator("main a").first().click();
  const code = /\b\d{8}\b/.exec((await mails.locator("main").textContent()) ?? "")?.[0] ?? "";
  await mails.close();

  await page.getByLabel("Code").fill(`${code.slice(0, 4)} ${code.slice(4)}`);
  await press(page, "Continue");
  await heading(page, "Almost done");
  await look(page, "sign-up-account");
  await page.getByLabel("First name").fill("Nova");
  await page.getByLabel("Last name").fill("Comer");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Team name").fill("Comets");
  await press(page, "Create the account");
  await heading(page, "Comets");
  await look(page, "sign-up-welcome");
  return { page };
}

/** In light on a desk and in dark on a phone. */
async function lookAt(page: Page, name: string): Promise<void> {
  for (const [colorScheme, width] of [
    ["dark", 360],
    ["light", 1280],
  ] as const) {
    await page.setViewportSize({ width, height: 720 });
    await page.emulateMedia({ colorScheme });
    await takePicture(page, `${name}.${colorScheme}.${width}`);
    assert.deepEqual(await axeFindings(page), [], `${name}, ${colorScheme}`);
    const sideways = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    assert.equal(await page.evaluate(sideways), 0, `${name}, ${width} px`);
  }
}

test("an outside developer signs up, registers an app, tries it, and gets a token by its own curl snippet, by clicking alone", async (t) => {
  const { page } = await signUp(t);
  await press(page, "New app");
  await page.getByLabel("Name").fill("Star Map");
  await page.getByRole("radio", { name: /^Web/ }).check();
  await press(page, "Register app");
  await lookAt(page, "sign-up-registered");
  const secret = /^LATCHKEY_CLIENT_SECRET=(\S+)$/m.exec((await page.locator("main").textContent()) ?? "")?.[1] ?? "";
  const { port, stop } = await listen({ fetch: () => new Response("The app.") }, { host: "127.0.0.1", port: 0 });
  t.after(() => stop(0));
  const redirectUri = `http://localhost:${port}/callback`;
  await page.getByLabel("Redirect URI").fill(redirectUri);
  await press(page, "Add URI");
  await page.getByText(redirectUri).first().waitFor();

  await press(page, "Try it");
  const [, password = ""] = await page.locator("label.choice").first().locator("code").allInnerTexts();
  await press(page, "Log in");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await press(page, "Sign in");
  await press(page, "Allow");
  await press(page, "Exchange the code");
  await page.getByText("HTTP 200").first().waitFor();
  await lookAt(page, "sign-up-tried");

  await press(page, "Snippets");
  await lookAt(page, "sign-up-snippets");
  const directory = writeFiles(t, { "try.sh": (await page.locator("#code-curl").textContent()) ?? "" });
  const terminal = start(t, "bash", [join(directory, "try.sh")], secret);
  await page.goto(await terminal.output(/^(http\S+code_challenge\S+)$/m));
  await page.getByText("The app.").waitFor(); // who tried the app is signed in, and has allowed it
  terminal.child.stdin?.end(`${page.url()}\n`);
  await terminal.output(/"access_token":"tkn\.v1_/);
  await terminal.output(/"firstName":"Ada"/);
});

test("without JavaScript, too, an outside developer signs up", async (t) => {
  await signUp(t, { javaScriptEnabled: false });
});
