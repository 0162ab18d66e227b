import { type Html, html } from "../html.ts";

export interface BarTableProps {
  title: string;
  words?: string | undefined;
  /** What the first column holds, and the second. */
  columns: readonly [string, string];
  /** `text` instead of the number, where there is none or it is an approximate one. */
  rows: readonly { label: string; value: number; text?: string | undefined; tone?: "first" | "second" | undefined }[];
}

const WIDTH = 100;
const HEIGHT = 8;

/** Numbers of a few kinds, each with a bar beside it, in a table. */
export function barTable({ title, words, columns, rows }: BarTableProps): Html {
  const highest = Math.max(1, ...rows.map(({ value }) => value));
  return html`<section class="panel"><h2>${title}</h2>
${words !== undefined && html`<p class="muted">${words}</p>`}
<div class="scroll"><table class="bars"><caption class="unseen">${title}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}<td></td></tr></thead>
<tbody>${rows.map(
    ({ label, value, text, tone = "first" }) =>
      html`<tr><th scope="row">${label}</th><td>${text ?? value}</td><td class="drawn"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true"><rect class="${tone}" width="${Math.round((value / highest) * WIDTH * 10) / 10}" height="${HEIGHT}"/></svg></td></tr>`,
  )}</tbody>
</table></div></section>`;
}
