/**
 * Takes a picture of every page in every light, into ./screenshots, and says what axe finds.
 *
 *   node server/test/gallery.ts [name…]          pages whose name contains one of the words, or all
 *   node server/test/gallery.ts --readme         only docs/pictures/login.png
 */
import { mkdirSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "./support/browser.ts";
import { hostPages, PAGE_HOST } from "./support/page-host.ts";
import { pageSamples } from "./support/page-samples.ts";

const THEMES = ["light", "dark"] as const;
const SIZES = [
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
];

const words = process.argv.slice(2);
const browser = await openBrowser();
try {
  if (words.includes("--readme")) await takeReadmePicture(browser);
  else await takeAll(browser);
} finally {
  await browser.close();
}

async function takeAll(browser: Browser) {
  const long = (text: string) =>
    `${text} \u202egro.elpmaxe\u202c <b>Evil</b> "><script>alert(1)</script> ${"long".repeat(30)}`;
  const hostile = Object.entries(pageSamples(long)).map(([name, page]) => [`hostile-${name}`, page]);
  const pages: Record<string, string> = { ...pageSamples(), ...Object.fromEntries(hostile) };
  const names = Object.keys(pages).filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
  mkdirSync("screenshots", { recursive: true });
  let findings = 0;
  for (const colorScheme of THEMES) {
    for (const viewport of SIZES) {
      const context = await hostPages(browser, pages, { colorScheme, viewport, reducedMotion: "reduce" });
      const page = await context.newPage();
      page.on("console", (message) => message.type() === "error" && console.error(page.url(), message.text()));
      for (const name of names) {
        await page.goto(`${PAGE_HOST}/${name}`);
        await page.screenshot({ path: `screenshots/${name}.${colorScheme}.${viewport.width}.png`, fullPage: true });
        findings += await inspect(page, `${name} ${colorScheme} ${viewport.width}`);
      }
      await context.close();
    }
  }
  console.log(`${names.length} pages, ${findings} findings`);
  process.exitCode = findings === 0 ? 0 : 1;
}

/** Says what is wrong with the page that is open, and how many things. */
async function inspect(page: Page, label: string): Promise<number> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  for (const { id, nodes } of violations)
    for (const node of nodes) console.error(`${label}: ${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (overflow > 0) console.error(`${label}: scrolls sideways by ${overflow} px`);
  return violations.length + (overflow > 0 ? 1 : 0);
}

async function takeReadmePicture(browser: Browser) {
  const context = await hostPages(browser, pageSamples(), {
    colorScheme: "light",
    viewport: { width: 1280, height: 800 },
  });
  const page = await context.newPage();
  await page.goto(`${PAGE_HOST}/sign-in`);
  await page.fill("#email", "dana@acme.example.com");
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await page.screenshot({ path: "docs/pictures/login.png" });
}
