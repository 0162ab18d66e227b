import { type Html, html, momentOf, named, safeHref } from "../html.ts";
import { layout } from "../layout.ts";

export interface OutboxMail {
  /** As in the address `/dev/outbox/{id}`. */
  id: string;
  to: string;
  subject: string;
  /** Seconds since 1970 UTC. */
  at: number;
  region: string;
}

/** Outside production mails are not sent but kept here. The newest first, as given. */
export function outboxPage({ mails }: { mails: readonly OutboxMail[] }): string {
  return layout(
    { title: "Outbox", wide: true },
    html`<h1>Outbox</h1>
<p class="muted">Mails are not sent outside production. They wait here.</p>
${
  mails.length === 0
    ? html`<p>No mail yet. Reset a password or invite a user, and it shows up.</p>`
    : html`<ul class="links">${mails.map(
        (mail) => html`<li><a href="/dev/outbox/${encodeURIComponent(mail.id)}">${named(mail.subject)}</a>
<span class="muted">${named(mail.to)} · ${mail.region} · ${momentOf(mail.at)}</span></li>`,
      )}</ul>`
}`,
  );
}

export interface MailPageProps {
  to: string;
  subject: string;
  /** Seconds since 1970 UTC. */
  at: number;
  /** The plain text part. */
  text: string;
  /** The addresses in it. */
  links: readonly string[];
}

export function mailPage({ to, subject, at, text, links }: MailPageProps): string {
  return layout(
    { title: `Mail: ${subject}`, wide: true },
    html`<h1>${named(subject)}</h1>
<p class="muted">To ${named(to)} · ${momentOf(at)}</p>
<pre class="mail" tabindex="0" aria-label="Text of the mail">${text}</pre>
${links.length > 0 && html`<h2>Links</h2><ul class="links">${links.map((link) => html`<li>${linkOrText(link)}</li>`)}</ul>`}
<div class="more"><a class="quiet" href="/dev/outbox">All mails</a></div>`,
  );
}

function linkOrText(address: string): Html {
  const href = safeHref(address);
  return href === undefined ? html`<code>${address}</code>` : html`<a href="${href}">${address}</a>`;
}
