import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const { source } = createRequire(import.meta.resolve("@axe-core/playwright"))("axe-core") as { source: string };

interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
}

/**
 * What axe finds wrong with the page that is open, one line each; with `rules`, by these alone. A third of the time that
 * AxeBuilder takes: our pages have no frames to go into.
 */
export async function axeFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  return page.evaluate(async (values) => {
    const { axe } = window as unknown as { axe: Axe };
    const { violations } = await axe.run({ resultTypes: ["violations"], ...(values && { runOnly: values }) });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`),
    );
  }, rules);
}
