import { type Html, html } from "../html.ts";

export interface ChartSeries {
  /** `first` or `second`: which of the chart's two colours. */
  tone: "first" | "second";
  label: string;
  values: readonly number[];
}

export interface BarChartProps {
  title: string;
  /** What stands below each bar, and in the first column of the table. */
  labels: readonly string[];
  series: readonly ChartSeries[];
  unit?: string | undefined;
}

const WIDTH = 640;
const HEIGHT = 160;
const GAP = 2;

/** Bars as SVG, drawn here, and the same numbers as a table, which is what a screen reader and a spreadsheet want. */
export function barChart({ title, labels, series, unit = "" }: BarChartProps): Html {
  const highest = Math.max(1, ...series.flatMap(({ values }) => values));
  const slot = WIDTH / Math.max(1, labels.length);
  const width = Math.max(1, (slot - GAP) / series.length);
  return html`<figure class="panel chart">
<figcaption><h2>${title}</h2><span class="muted">${series.map(({ label, tone }) => html`<span class="key ${tone}">${label}</span> `)}· the highest bar is ${highest}${unit}</span></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: the table below has the numbers">
<line class="axis" x1="0" x2="${WIDTH}" y1="${HEIGHT - 0.5}" y2="${HEIGHT - 0.5}"/>
${series.map(({ values, tone }, place) =>
  values.map((value, index) => {
    const height = (value / highest) * (HEIGHT - 8);
    return value === 0
      ? ""
      : html`<rect class="${tone}" x="${rounded(index * slot + place * width)}" y="${rounded(HEIGHT - height)}" width="${rounded(width)}" height="${rounded(height)}"/>`;
  }),
)}
</svg>
<div class="ends muted" aria-hidden="true">${[labels.at(0), labels.at(Math.floor(labels.length / 2)), labels.at(-1)].map((label) => html`<span>${label}</span>`)}</div>
<details><summary>The numbers</summary><div class="scroll"><table><caption class="unseen">${title}</caption>
<thead><tr><th scope="col">Time, UTC</th>${series.map(({ label }) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${labels.map((label, index) => html`<tr><th scope="row">${label}</th>${series.map(({ values }) => html`<td>${values[index] ?? 0}${unit}</td>`)}</tr>`)}</tbody>
</table></div></details>
</figure>`;
}

const rounded = (number: number): number => Math.round(number * 100) / 100;
