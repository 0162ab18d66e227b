import { formOf, problemSummary } from "../forms.ts";
import { type Content, html, momentOf, named } from "../html.ts";
import { tickIcon } from "../icons.ts";
import { type AppFrame, appPage, type FormTo, type Problems, statusBadge } from "./app-frame.ts";

/** A line of an app's history, for its team and for operators. */
export interface ReviewLine {
  event: string;
  /** "You", "Your team", "An operator". */
  who: string;
  at: number;
  comment: string;
  /** In words; those that were asked for, granted or declined. */
  scopes: readonly string[];
}

export interface ReviewProps extends AppFrame {
  formTo: FormTo;
  /** Whether the role may submit it and take it back. */
  maySubmit: boolean;
  /** What made the app what it is now, if it is known. */
  current: ReviewLine | undefined;
  /** What a reviewer looks for; shown until it is submitted. */
  requirements: readonly { label: string; hint: string; required: boolean; met: boolean; href: string }[];
  /** Scopes in words that a live app waits for. */
  asked: readonly string[];
  /** `undefined`: the team's region does not answer. */
  history: readonly ReviewLine[] | undefined;
  problems?: Problems | undefined;
}

const STATES: Readonly<Record<string, { head: string; said: string }>> = {
  development: {
    head: "In development",
    said: "Users of your sandbox and of the test installations can log in, and nobody else. When it is ready, submit it: an operator looks at it and makes it live.",
  },
  submitted: {
    head: "In review",
    said: "An operator will look at it as it is, so it cannot be changed meanwhile. You get a mail when it is decided. Your sandbox works as before.",
  },
  changes_requested: {
    head: "Changes are asked for",
    said: "Change what is asked for and submit it again. Until then users of your sandbox and of the test installations can log in, and nobody else.",
  },
  live: { head: "Live", said: "Everybody can log in." },
  suspended: { head: "Suspended", said: "Nobody can log in, and its tokens are refused. Nothing is lost." },
};

/** Where the app is on its way to everybody, and what was said about it. */
export function reviewPage(props: ReviewProps): string {
  const { app, formTo, maySubmit, current, requirements, asked, history, problems } = props;
  const { head, said } = STATES[app.status] ?? { head: app.status, said: "" };
  const open = app.status === "development" || app.status === "changes_requested";
  const missing = requirements.some(({ required, met }) => required && !met);
  return appPage(
    props,
    "Review",
    html`${problemSummary(problems)}
<section class="panel"><div class="head"><h2>${head}</h2>${current && html`<span class="muted">${momentOf(current.at)}</span>`}</div>
<p>${said}</p>
${current && current.comment !== "" && html`<blockquote>${named(current.comment)}</blockquote>`}
${app.status === "submitted" && maySubmit && formOf(formTo("/review/withdraw"), html`<button class="secondary fit" type="submit">Withdraw</button>`)}</section>
${
  open &&
  html`<section class="panel"><h2>Before you submit it</h2>
<ul class="checklist">${requirements.map(requirement)}</ul>
${
  !maySubmit
    ? html`<p class="muted">Owners and admins of the team submit it.</p>`
    : missing
      ? html`<p class="muted">It can be submitted when all that is needed is there.</p>`
      : formOf(formTo("/review/submit"), html`<button class="primary fit" type="submit">Submit for review</button>`)
}</section>`
}
${asked.length > 0 && html`<section class="panel"><h2>Waiting for more scopes</h2><p>The app goes on with those it has until an operator decides. On the Scopes tab you can take the wish back.</p>${grantList(asked)}</section>`}
<section class="panel"><h2>History</h2>${history === undefined ? html`<p>It cannot be shown right now: your team’s region does not answer.</p>` : reviewHistory(history)}</section>`,
    problems !== undefined,
  );
}

const requirement = ({ label, hint, required, met, href }: ReviewProps["requirements"][number]): Content =>
  html`<li class="${met ? "done" : "open"}"><span class="tick">${met && tickIcon}</span>
<span class="words"><span><a href="${href}">${label}</a> ${met ? html`<span class="unseen">(done)</span>` : html`<span class="badge">${required ? "Needed" : "Advised"}</span>`}</span><span class="muted">${hint}</span></span></li>`;

const grantList = (scopes: readonly string[]): Content =>
  html`<ul class="grants">${scopes.map((scope) => html`<li>${tickIcon}<span>${named(scope)}</span></li>`)}</ul>`;

const EVENTS: Readonly<Record<string, string>> = {
  submitted: "submitted it for review",
  withdrawn: "took it back into development",
  approved: "made it live",
  changes_requested: "asked for changes",
  suspended: "suspended it",
  resumed: "lifted the suspension",
  scopes_asked: "asked for more scopes",
  scopes_withdrawn: "took the wish for more scopes back",
  scopes_granted: "granted more scopes",
  scopes_declined: "declined more scopes",
};

/** The latest first. */
export const reviewHistory = (history: readonly ReviewLine[]): Content =>
  history.length === 0
    ? html`<p class="muted">Nothing yet.</p>`
    : html`<ul class="entries">${history.map(
        ({
          event,
          who,
          at,
          comment,
          scopes,
        }) => html`<li><div class="words"><p>${named(who)} ${EVENTS[event] ?? event} <span class="muted">${momentOf(at)}</span></p>
${comment !== "" && html`<blockquote>${named(comment)}</blockquote>`}${scopes.length > 0 && event !== "submitted" && grantList(scopes)}</div></li>`,
      )}</ul>`;

/** On the overview, while the app is not live: where it stands, and where to read more. */
export const reviewNote = (status: string, href: string, comment: string): Content =>
  html`<section class="panel"><div class="head"><h2>${STATES[status]?.head ?? status}</h2>${statusBadge(status)}</div>
<p>${STATES[status]?.said}</p>${comment !== "" && html`<blockquote>${named(comment)}</blockquote>`}
<p><a href="${href}">${status === "development" ? "What a review needs" : "To the review"}</a></p></section>`;
