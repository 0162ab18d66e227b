import { html } from "../html.ts";
import { type AppFrame, appPage } from "./app-frame.ts";
import { type BarChartProps, barChart } from "./bar-chart.ts";
import { type BarTableProps, barTable } from "./bar-table.ts";
import type { NavItem } from "./layout.ts";

export interface ChartsProps extends AppFrame {
  ranges: readonly NavItem[];
  charts: readonly BarChartProps[];
  tables: readonly BarTableProps[];
  unavailableRegions: readonly string[];
}

/** How an app's logins go, by the hour or by the day. */
export const chartsPage = (props: ChartsProps): string =>
  appPage(
    props,
    "Charts",
    html`<nav class="tabs" aria-label="Range">${props.ranges.map(({ label, href, current }) =>
      current
        ? html`<a class="tab" href="${href}" aria-current="page">${label}</a>`
        : html`<a class="tab" href="${href}">${label}</a>`,
    )}</nav>
${missingRegions(props.unavailableRegions)}
${props.charts.map(barChart)}
${props.tables.map(barTable)}`,
  );

export const missingRegions = (regions: readonly string[]) =>
  regions.length > 0 &&
  html`<p class="alert" role="status">What happened in ${regions.join(" and ")} cannot be shown right now. Try again in a few minutes.</p>`;
