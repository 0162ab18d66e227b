import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { axeFindings } from "../support/axe.ts";
import { openBrowser } from "../support/browser.ts";
import { type Installed, walkEveryPage } from "../support/every-page-walk.ts";
import { openHouse } from "../support/house.ts";
import { heading, openPerson, takePicture } from "../support/person.ts";
import { loginPath } from "../support/scene.ts";
import { worldOf } from "../support/world.ts";

// Each page as the server really sends it. What happens on the way is watched too: see openPerson.

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

/** @param named makes a name, a description or a hint of an ordinary one */
async function openWorld(named = (ordinary: string) => ordinary): Promise<Installed> {
  const house = await openHouse({ listening: true });
  const world = worldOf(house);
  const company = { name: named("Acme Inc") };
  const person = { firstName: named("Dana"), lastName: named("Lee"), company };
  const user = await world.addUser(await world.addInstallation("US", { name: named("Acme"), company }), person);
  await world.addUser(await world.addInstallation("EU", { name: named("Blume"), company }), {
    ...person,
    email: user.email,
  });
  await house.admin("POST", "/scopes", { name: "reports", description: named("Read the reports of every project") });
  const app = { name: named("Acme Planner"), description: named("Plans the work of a team."), scopes: ["reports"] };
  return {
    house,
    user,
    app: await world.registerApp({ ...app, icon: "https://icons.example.com/i.png", url: "https://example.com/" }),
    nativeApp: await world.registerApp({ ...app, kind: "public", redirectUris: ["com.example.planner:/done"] }),
    suspendedApp: await world.registerApp({ ...app, status: "suspended" }),
    text: named("dana"),
  };
}

/** These are one page with different words. */
const MORE_ERRORS = ["unknown-client", "suspended-app", "endless-state", "repeated-parameter", "changed-request"];

test("axe finds nothing on any page, in light on a desk and in dark on a phone", async (t) => {
  const world = await openWorld();
  const person = await openPerson(t, browser, world.house, { reducedMotion: "reduce" });

  await walkEveryPage(person.page, world, async (name, page) => {
    if (MORE_ERRORS.includes(name)) return;
    for (const [colorScheme, width] of [
      ["light", 1280],
      ["dark", 360],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await takePicture(page, `${name}.${colorScheme}.${width}`);
      assert.deepEqual(await axeFindings(page), [], `${name}, ${colorScheme}, ${width} px`);
    }
  });
});

test("whatever people write into names, hints and addresses, no page runs it or loses its shape", async (t) => {
  const evil = `<b>Evil</b>"><script>window.pwned=1</script><img src=x onerror="window.pwned=1">${"long".repeat(20)}`;
  const world = await openWorld((ordinary) => `${ordinary} ${evil}`);
  const { page } = await openPerson(t, browser, world.house, { viewport: { width: 320, height: 900 } });

  await walkEveryPage(page, world, async (name, page) => {
    await takePicture(page, `evil-${name}`);
    const found = await page.evaluate(() => ({
      pwned: "pwned" in window,
      bold: [...document.querySelectorAll("b")].filter((one) => one.textContent === "Evil").length,
      scripts: document.scripts.length,
      sidewaysScroll: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }));
    assert.deepEqual(found, { pwned: false, bold: 0, scripts: 1, sidewaysScroll: 0 }, name);
  });
});

test("the first page costs less than 35 KB, its script less than 8", async (t) => {
  const world = await openWorld();
  const { page } = await openPerson(t, browser, world.house);
  const sizes = new Map<string, number>();
  page.on("requestfinished", async (request) => {
    const { responseBodySize, responseHeadersSize } = await request.sizes();
    sizes.set(
      request.resourceType(),
      (sizes.get(request.resourceType()) ?? 0) + responseBodySize + responseHeadersSize,
    );
  });

  await page.goto(world.house.config.url + loginPath(world.app), { waitUntil: "networkidle" });
  await heading(page, "Sign in");

  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  assert.ok(sizes.has("document") && sizes.has("stylesheet") && sizes.has("script"), [...sizes.keys()].join());
  assert.ok(total < 35 * 1024, `${total} bytes`);
  assert.ok((sizes.get("script") ?? 0) < 8 * 1024, `${sizes.get("script")} bytes of script`);
  assert.equal(sizes.has("font"), false);
});
