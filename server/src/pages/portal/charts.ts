import { html, named } from "../html.ts";
import { type BarChartProps, barChart } from "./bar-chart.ts";
import { type NavItem, portalPage, type Shell, sectionsOf } from "./layout.ts";

export interface ChartsProps {
  visitor: Shell["visitor"];
  tabs: readonly NavItem[];
  app: { name: string; teamId: string };
  ranges: readonly NavItem[];
  charts: readonly BarChartProps[];
  /** Upper bounds, in milliseconds, below which 95 of 100 exchanges were answered. */
  slowest: readonly { region: string; exchanges: number; p95: string }[];
  grants: readonly { region: string; active: number }[];
  unavailableRegions: readonly string[];
}

/** How an app's logins go, by the hour or by the day. */
export const chartsPage = (props: ChartsProps): string =>
  portalPage(
    {
      title: `${props.app.name}: charts`,
      visitor: props.visitor,
      sections: sectionsOf("apps", props.app.teamId),
      tabs: props.tabs,
    },
    html`<div class="head"><h1>${named(props.app.name)}</h1><nav class="tabs" aria-label="Range">${props.ranges.map(
      ({ label, href, current }) =>
        current
          ? html`<a class="tab" href="${href}" aria-current="page">${label}</a>`
          : html`<a class="tab" href="${href}">${label}</a>`,
    )}</nav></div>
${missingRegions(props.unavailableRegions)}
${props.charts.map(barChart)}
<div class="panel"><h2>Exchanges by region</h2>
<div class="scroll"><table><caption class="unseen">Exchanges by region</caption>
<thead><tr><th scope="col">Region</th><th scope="col">Exchanges</th><th scope="col">95 of 100 were answered within</th></tr></thead>
<tbody>${props.slowest.map(({ region, exchanges, p95 }) => html`<tr><th scope="row">${region}</th><td>${exchanges}</td><td>${p95}</td></tr>`)}</tbody>
</table></div></div>
<div class="panel"><h2>Active grants</h2>
<p class="muted">Tokens that are valid now: one for each login whose code was exchanged, until it is revoked.</p>
<div class="scroll"><table><caption class="unseen">Active grants by region</caption>
<thead><tr><th scope="col">Region</th><th scope="col">Tokens</th></tr></thead>
<tbody>${props.grants.map(({ region, active }) => html`<tr><th scope="row">${region}</th><td>${active}</td></tr>`)}</tbody>
</table></div></div>`,
  );

export const missingRegions = (regions: readonly string[]) =>
  regions.length > 0 &&
  html`<p class="alert" role="status">What happened in ${regions.join(" and ")} cannot be shown right now. Try again in a few minutes.</p>`;
