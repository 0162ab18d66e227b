import { Hono } from "hono";
import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";
import { assetRoutes } from "../../src/http/assets.ts";
import type { HttpEnv } from "../../src/http/context.ts";
import { LOGIN_CSP } from "../../src/http/headers.ts";

/** `localhost`, because the clipboard exists in secure contexts only. No port is opened: the browser is answered here. */
export const PAGE_HOST = "http://localhost";

/** Opens a browser context that is answered with these pages, at `/{name}`, and with their assets, and by nobody else. */
export async function hostPages(
  browser: Browser,
  pages: Readonly<Record<string, string>>,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const host = new Hono<HttpEnv>().route("/", assetRoutes()).get("/:name", (c) => {
    const page = pages[c.req.param("name")];
    return page === undefined ? c.notFound() : c.html(page, 200, { "content-security-policy": LOGIN_CSP });
  });
  const context = await browser.newContext(options);
  await context.route("**/*", async (route) => {
    if (!route.request().url().startsWith(`${PAGE_HOST}/`)) return route.abort();
    const answer = await host.request(route.request().url(), { method: route.request().method() });
    return route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    });
  });
  return context;
}
