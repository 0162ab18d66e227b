/** `npm run pictures`: starts the product with its demo, walks through it in a browser, and keeps what it sees in docs/pictures. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { DEMO_PASSWORD, TRAVELLER } from "../../src/domain/demo/cast.ts";
import type { DemoWorld } from "../../src/domain/demo/demo-world.ts";
import { openBrowser } from "../support/browser.ts";
import { heading, press, signIn } from "../support/person.ts";
import { freePort } from "../support/snippet-programs.ts";
import { startServer } from "./server-process.ts";

const PICTURES = join(import.meta.dirname, "../../../docs/pictures");
const WINDOW: BrowserContextOptions = { viewport: { width: 1080, height: 760 }, deviceScaleFactor: 1.5 };
/** By then the timeline of what was done is written. */
const TIMELINE_MILLISECONDS = 1_500;
const DEVELOPER = "dana@acme.example.com";

const data = mkdtempSync(join(tmpdir(), "latchkey-pictures-"));
mkdirSync(PICTURES, { recursive: true });
const port = String(await freePort());
const server = await startServer({ settings: { LATCHKEY_DATA: data, LATCHKEY_PORT: port } });
const url = `http://localhost:${port}`;
const browser = await openBrowser();
try {
  const world: DemoWorld = JSON.parse(readFileSync(join(data, "demo.json"), "utf8"));
  await login(await windowOf(browser), world);
  await portal(await windowOf(browser), world);
} finally {
  await browser.close();
  await server.stop();
  rmSync(data, { recursive: true, force: true });
}

async function windowOf(browser: Browser): Promise<Page> {
  return (await browser.newContext(WINDOW)).newPage();
}

async function keep(page: Page, name: string): Promise<void> {
  await page.evaluate("document.activeElement?.blur(); document.fonts.ready");
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: "disabled" });
  console.log(`docs/pictures/${name}.png`);
}

function loginOf({ apps: [app] }: DemoWorld): string {
  const query = { client_id: app.clientId, redirect_uri: app.redirectUris[0] ?? "", state: "af0ifjsldkj" };
  return `${url}/launchpad/login?${new URLSearchParams(query)}`;
}

/** A user with a home in two regions logs in to the demo's app. */
async function login(page: Page, world: DemoWorld): Promise<void> {
  await page.goto(loginOf(world));
  await keep(page, "login");
  await signIn(page, { email: TRAVELLER.email, password: DEMO_PASSWORD });
  await heading(page, "Choose an installation");
  await page.locator("main button[type=submit]").first().click();
  await heading(page, /^Allow/);
  await page.setViewportSize({ width: 1080, height: 920 });
  await keep(page, "consent");
}

/** A developer makes a team and an app, tries it, and looks at what became of it. */
async function portal(page: Page, world: DemoWorld): Promise<void> {
  await page.goto(loginOf(world)); // so that an app acts for them
  await signIn(page, { email: DEVELOPER, password: DEMO_PASSWORD });
  await press(page, "Allow");
  await page.waitForURL("**/demo/app**");
  await page.goto(`${url}/portal`);
  await page.getByLabel("Name").fill("Comets");
  await page.locator("main button[type=submit]").click();
  for (const name of ["Night Sky", "Star Map"]) {
    await press(page, "New app");
    await page.getByLabel("Name").fill(name);
    await press(page, "Register app");
    await heading(page, name);
    if (name === "Night Sky") await press(page, "Apps");
  }
  await keep(page, "credentials");
  await page.getByLabel("Redirect URI").fill("https://starmap.example.com/callback");
  await press(page, "Add URI");
  await tryIt(page);
  const app = new URL(page.url()).pathname.split("/").slice(0, 4).join("/");
  const wrong = { client_id: app.split("/").at(-1) ?? "", redirect_uri: "https://starmap.example.com/call-back" };
  await page.goto(`${url}/launchpad/login?${new URLSearchParams(wrong)}`);
  await keep(page, "wrong-redirect-uri");
  await delay(TIMELINE_MILLISECONDS);
  for (const [name, path] of [
    ["app", app],
    ["logs", `${app}/logs`],
    ["account", "/account/apps"],
  ] as const) {
    await page.goto(url + path);
    await keep(page, name);
  }
}

async function tryIt(page: Page): Promise<void> {
  await press(page, "Try it");
  const password = (await page.locator("label.choice").first().locator("code").nth(1).textContent()) ?? "";
  await press(page, "Log in");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await press(page, "Sign in");
  await press(page, "Allow");
  await press(page, "Exchange the code");
  await page.getByText("HTTP 200").first().waitFor();
  await keep(page, "try-it");
  await press(page, "Ask whose token it is");
  await page.getByText("awsRegion").waitFor();
}
