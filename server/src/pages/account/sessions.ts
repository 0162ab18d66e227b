import { type Form, formOf } from "../forms.ts";
import { type Html, html, momentOf } from "../html.ts";
import { type AccountPage, accountPage, dayOf, unavailableNote } from "./frame.ts";

export interface SessionsProps extends AccountPage {
  /** The region that keeps the sessions. */
  home: string;
  /** Absent while that region does not answer. */
  sessions?: readonly SessionRow[] | undefined;
  othersForm: Form;
  everywhereForm: Form;
}

export interface SessionRow {
  /** "Firefox on Windows". */
  device: string;
  /** Seconds since 1970 UTC. */
  createdAt: number;
  lastUsedAt: number;
  /** "Stay signed in" was ticked. */
  remember: boolean;
  current: boolean;
  /** Absent for the current one, which signs out by itself. */
  endForm?: Form | undefined;
}

/** The browsers in which one is signed in. */
export const sessionsPage = (props: SessionsProps): string =>
  accountPage(
    props,
    { tab: "sessions", title: "Where you are signed in" },
    html`<h1>Where you are signed in</h1>
${props.sessions ? list(props, props.sessions) : unavailableNote([props.home], "your sessions")}`,
  );

const list = (
  { home, othersForm, everywhereForm }: SessionsProps,
  sessions: readonly SessionRow[],
): Html => html`<section class="panel" aria-label="Sessions">
<ul class="entries">${sessions.map((session) => html`<li>${row(session, home)}</li>`)}</ul>
</section>
<section class="panel" aria-labelledby="ending"><div><h2 id="ending">Lost a device, or used somebody else’s?</h2>
<p class="muted">Apps stay connected: end what they may do under <a href="/account/apps">Connected apps</a>.</p></div>
<div class="decide">
${sessions.some(({ current }) => !current) && formOf(othersForm, html`<button class="secondary" type="submit">Sign out all others</button>`)}
${formOf(everywhereForm, html`<button class="secondary" type="submit">Sign out everywhere</button>`)}
</div></section>`;

const row = (
  session: SessionRow,
  home: string,
): Html => html`<span class="words"><span><strong>${session.device}</strong> ${session.current && html`<span class="badge good">This browser</span>`}</span>
<span class="muted">Last seen ${momentOf(session.lastUsedAt)} · signed in ${dayOf(session.createdAt)} · region ${home}${session.remember && " · stays signed in"}</span></span>
${session.endForm && formOf(session.endForm, html`<button class="quiet" type="submit">Sign out<span class="unseen"> ${session.device}</span></button>`)}`;
