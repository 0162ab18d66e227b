import { type Content, html, momentOf } from "../html.ts";
import { tickIcon } from "../icons.ts";
import { type AppFrame, appPage, copyable } from "./app-frame.ts";
import { reviewNote } from "./app-review.ts";

export interface OverviewProps extends AppFrame {
  /** What leads to the first login, in order. */
  checklist: readonly { label: string; hint: string; done: boolean; href: string }[];
  /** Seconds since 1970 UTC. */
  lastLoginAt: number | undefined;
  warnings: readonly { text: string; href: string }[];
  /** While it is not live. */
  whoCanLogIn: string;
  /** Where its review stands, while it is not live; `comment` is the operator's. */
  review: { href: string; comment: string } | undefined;
}

/** How the app is, and what is left to do until somebody can log in. */
export function overviewPage(props: OverviewProps): string {
  const { app, checklist, lastLoginAt, warnings, whoCanLogIn, review } = props;
  const left = checklist.filter(({ done }) => !done).length;
  return appPage(
    props,
    "Overview",
    html`${warnings.map(({ text, href }) => html`<p class="warning"><span>${text} <a href="${href}">Look at it</a></span></p>`)}
<section class="panel"><div class="head"><h2>Your first login in five minutes</h2><span class="muted">${left === 0 ? "All done" : `${checklist.length - left} of ${checklist.length}`}</span></div>
<ol class="checklist">${checklist.map(step)}</ol></section>
${review && reviewNote(app.status, review.href, review.comment)}
<section class="panel"><h2>About this app</h2>
<dl class="facts"><div><dt>Client id</dt><dd>${copyable("client-id", app.clientId, "client id")}</dd></div>
<div><dt>Last login</dt><dd>${lastLoginAt === undefined ? "None yet" : momentOf(lastLoginAt)}</dd></div>
${app.status !== "live" && html`<div><dt>Who can log in</dt><dd>${whoCanLogIn}</dd></div>`}</dl></section>`,
  );
}

const step = ({ label, hint, done, href }: OverviewProps["checklist"][number]): Content =>
  html`<li class="${done ? "done" : "open"}"><span class="tick">${done && tickIcon}</span>
<span class="words"><span><a href="${href}">${label}</a>${done && html`<span class="unseen"> (done)</span>`}</span><span class="muted">${hint}</span></span></li>`;
