import { html, momentOf } from "../html.ts";
import { type OperatorFrame, operatorPage } from "./frame.ts";

export interface AuditProps extends OperatorFrame {
  logs: readonly { label: string; href: string; current: boolean }[];
  /** "unavailable": that database does not answer. */
  entries: readonly { at: number; actor: string; action: string; target: string; detail: string }[] | "unavailable";
  olderHref: string | undefined;
}

/** Who did what, the latest first; each database keeps what happened in it. */
export const operatorAuditPage = (props: AuditProps): string =>
  operatorPage(
    props,
    { title: "Audit log" },
    html`<h1>Audit log</h1>
<nav class="tabs" aria-label="Logs">${props.logs.map(({ label, href, current }) => html`<a class="tab" href="${href}" ${current && html`aria-current="page"`}>${label}</a> `)}</nav>
${
  props.entries === "unavailable"
    ? html`<p class="warning" role="status">This database does not answer right now.</p>`
    : props.entries.length === 0
      ? html`<div class="panel"><p class="muted">Nothing more.</p></div>`
      : html`<section class="panel"><div class="scroll" tabindex="0" role="region" aria-label="Entries"><table class="flow"><thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">To what</th><th scope="col">Detail</th></tr></thead>
<tbody>${props.entries.map(({ at, actor, action, target, detail }) => html`<tr><td class="whole">${momentOf(at)}</td><td><code>${actor}</code></td><td class="whole">${action}</td><td><code>${target}</code></td><td><code>${detail}</code></td></tr>`)}</tbody></table></div></section>`
}
${props.olderHref && html`<p><a href="${props.olderHref}">Older</a></p>`}`,
  );
