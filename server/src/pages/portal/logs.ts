import { type Content, type Html, html, momentOf, named, safeHref } from "../html.ts";
import { type AppFrame, appPage } from "./app-frame.ts";
import { missingRegions } from "./charts.ts";

export interface LoggedEvent {
  at: number;
  step: string;
  outcome: string;
  region: string;
  installationId: number | null;
  requestId: string;
  detail: string;
  /** Its login's timeline, where one is known. */
  href?: string | undefined;
}

export interface ErrorSummary {
  count: number;
  firstAt: number;
  lastAt: number;
  step: string;
  outcome: string;
  detail: string;
  cause: string;
  fix: string;
  /** Where it can be mended. */
  mend?: { href: string; label: string } | undefined;
}

interface About extends AppFrame {
  unavailableRegions: readonly string[];
}

export interface LogListProps extends About {
  /** Where the filter's form goes, and what it holds. */
  filter: {
    action: string;
    result: string;
    region: string;
    installation: string;
    range: string;
    results: readonly string[];
    regions: readonly string[];
    ranges: readonly { value: string; label: string }[];
  };
  errors: readonly ErrorSummary[];
  events: readonly LoggedEvent[];
  /** There are more than are shown. */
  more: boolean;
}

/** "Why did it fail?": what went wrong, why, and how to mend it; then everything that happened. */
export const logListPage = (props: LogListProps): string =>
  appPage(
    props,
    "Logs",
    html`${missingRegions(props.unavailableRegions)}
${props.errors.map(errorPanel)}
<div class="panel"><h2>Events</h2>
${filterForm(props.filter)}
${
  props.events.length === 0
    ? html`<p class="muted">${isNarrow(props.filter) ? "Nothing in this time is like that. Ask for less." : "Nothing happened in this time. Send somebody to the login page, and each step shows up here within a second or two."}</p>`
    : eventTable(props.events)
}
${props.more && html`<p class="muted">Only the newest are shown. Narrow the filter to see older ones.</p>`}
</div>`,
  );

const isNarrow = ({ result, region, installation }: LogListProps["filter"]): boolean =>
  result !== "" || region !== "" || installation !== "";

export interface LoginTimelineProps extends About {
  logsHref: string;
  events: readonly LoggedEvent[];
}

/** One login from its start to its token, wherever its steps happened. */
export function loginTimelinePage(props: LoginTimelineProps): string {
  const start = props.events[0]?.at ?? 0;
  return appPage(
    props,
    "A login",
    html`<p><a href="${safeHref(props.logsHref)}">All events</a></p>
${missingRegions(props.unavailableRegions)}
<ol class="panel timeline">${props.events.map(
      (event) => html`<li class="${event.outcome === "ok" ? "well" : "ill"}">
<p><strong>${stepWords(event.step)}</strong> ${badge(event.outcome)} <span class="muted">after ${event.at - start} s</span></p>
<p class="muted">${momentOf(event.at)}${event.installationId !== 0 && html` · ${placeOf(event)}`}${event.detail && html` · ${named(event.detail)}`}</p>
<p class="muted">Request <code>${event.requestId}</code></p></li>`,
    )}</ol>`,
  );
}

/** Until its user is known a login is nowhere, whichever region keeps its steps. */
function placeOf({ region, installationId }: LoggedEvent): string {
  if (installationId === 0) return "–";
  return installationId === null ? region : `${region}-${installationId}`;
}

const errorPanel = (error: ErrorSummary): Html => html`<section class="panel">
<div class="head"><h2>${error.cause}</h2><span class="muted">${error.count === 1 ? "once" : `${error.count} times`}, last ${momentOf(error.lastAt)}</span></div>
<p>${error.fix} ${error.mend && html`<a href="${error.mend.href}">${error.mend.label}</a>`}</p>
${error.detail && html`<p class="muted">Last one: <code>${error.detail}</code></p>`}
<p class="muted"><code>${error.outcome}</code> at ${stepWords(error.step).toLowerCase()}, first ${momentOf(error.firstAt)}</p>
</section>`;

const eventTable = (events: readonly LoggedEvent[]): Html => html`<div class="scroll"><table class="flow">
<caption class="unseen">Events, the newest first</caption>
<thead><tr><th scope="col">Time</th><th scope="col">Step</th><th scope="col">Result</th><th scope="col">Where</th><th scope="col">Request</th></tr></thead>
<tbody>${events.map(
  (
    event,
  ) => html`<tr><td>${event.href === undefined ? momentOf(event.at) : html`<a href="${event.href}">${momentOf(event.at)}</a>`}</td>
<td>${stepWords(event.step)}</td><td>${badge(event.outcome)}${event.outcome !== "ok" && event.detail && html` <span class="muted">${named(event.detail)}</span>`}</td>
<td class="narrow">${placeOf(event)}</td><td><code>${event.requestId.slice(0, 8)}</code></td></tr>`,
)}</tbody></table></div>`;

const badge = (outcome: string): Content =>
  outcome === "ok" ? html`<span class="badge good">ok</span>` : html`<span class="badge bad">${outcome}</span>`;

const WORDS: Readonly<Record<string, string>> = {
  start: "Start",
  page: "Page shown",
  sign_in: "Sign-in",
  choose: "Installation chosen",
  consent: "Consent",
  code: "Back to the app",
  exchange: "Exchange",
  first_use: "First use of the token",
};
const stepWords = (step: string): string => WORDS[step] ?? step;

function filterForm(filter: LogListProps["filter"]): Html {
  const select = (name: string, label: string, value: string, options: readonly { value: string; label: string }[]) =>
    html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}">${options.map(
      (option) =>
        option.value === value
          ? html`<option value="${option.value}" selected>${option.label}</option>`
          : html`<option value="${option.value}">${option.label}</option>`,
    )}</select></div>`;
  return html`<form class="filter" method="get" action="${filter.action}">
${select("result", "Result", filter.result, [
  { value: "", label: "All" },
  { value: "errors", label: "Errors" },
  ...filter.results.map((value) => ({ value, label: value })),
])}
${select("region", "Region", filter.region, [
  { value: "", label: "All" },
  ...filter.regions.map((value) => ({ value, label: value })),
])}
<div class="field"><label for="installation">Installation</label><input id="installation" name="installation" inputmode="numeric" value="${filter.installation}"></div>
${select("range", "Time", filter.range, filter.ranges)}
<button class="secondary" type="submit">Show</button>
</form>`;
}
