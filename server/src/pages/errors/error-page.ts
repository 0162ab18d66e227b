import { type Content, type Html, html, moment, safeHref, visible } from "../html.ts";
import { layout } from "../layout.ts";
import { differingParts, type Parts } from "./difference.ts";
import type { ErrorWords } from "./words.ts";

export interface ErrorPageProps extends ErrorWords {
  /** The request's id, which the log has too. */
  reference: string;
  /** ISO 8601, UTC. */
  time: string;
  again?: { href: string; label: string } | undefined;
}

/** A refusal as a person sees it: what happened, what to do, and what to quote when asking for help. */
export function errorPage({
  title,
  whatHappened,
  whatToDo,
  developer,
  again,
  reference,
  time,
}: ErrorPageProps): string {
  return layout(
    {
      title,
      problem: true,
      wide: developer !== undefined,
      footer: html`<p class="reference">Reference <code id="reference">${reference}</code> <button class="quiet" type="button" data-copies="reference" data-done="Copied" hidden>Copy</button><br>${moment(time)}</p>`,
    },
    html`<h1>${title}</h1>
<p>${whatHappened}</p>
${whatToDo && html`<p>${whatToDo}</p>`}
${again && html`<p><a class="primary" href="${safeHref(again.href)}">${again.label}</a></p>`}
${developer && developerBlock(developer)}`,
  );
}

function developerBlock({ rows, received, nearest, advice }: NonNullable<ErrorWords["developer"]>): Html {
  const parts =
    received !== undefined && nearest !== undefined ? differingParts(visible(received), visible(nearest)) : undefined;
  return html`<section class="developer" aria-labelledby="developer">
<h2 id="developer">If you develop this app</h2>
${advice && html`<p>${advice}</p>`}
<dl>
${rows.map((row) => entry(row.label, visible(row.value)))}
${received !== undefined && entry("Received", parts ? marked(parts.received) : visible(received))}
${nearest !== undefined && entry("Registered (the nearest)", parts ? marked(parts.nearest) : visible(nearest))}
</dl>
</section>`;
}

const entry = (label: string, value: Content): Html =>
  html`<div><dt>${label}</dt><dd><code>${value || "(empty)"}</code></dd></div>`;

const marked = ({ before, differs, after }: Parts): Content =>
  html`${before}${differs && html`<mark>${differs}</mark>`}${after}`;
