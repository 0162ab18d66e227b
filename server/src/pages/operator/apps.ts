import { type Form, formOf, problemSummary, textField } from "../forms.ts";
import { type Content, html, momentOf, named, safeHref } from "../html.ts";
import { tickIcon } from "../icons.ts";
import { copyable, type Problems, statusBadge } from "../portal/app-frame.ts";
import { type ReviewLine, reviewHistory } from "../portal/app-review.ts";
import { tile } from "../tile.ts";
import { type OperatorFrame, operatorPage } from "./frame.ts";

export interface AppListProps extends OperatorFrame {
  /** One for each status, and how many are in it. */
  filters: readonly { label: string; href: string; count: number; current: boolean }[];
  apps: readonly { name: string; icon: string; href: string; status: string; clientId: string; asksScopes: boolean }[];
  /** Regions whose wishes for scopes are not among them. */
  unavailableRegions: readonly string[];
  nextHref: string | undefined;
}

/** Apps by where they are on their way; at first those that wait. */
export const operatorAppsPage = (props: AppListProps): string =>
  operatorPage(
    props,
    { title: "Apps" },
    html`<h1>Apps</h1>
<nav class="tabs" aria-label="By status">${props.filters.map(({ label, href, count, current }) => html`<a class="tab" href="${href}" ${current && html`aria-current="page"`}>${label} <span class="badge">${count}</span></a> `)}</nav>
${props.unavailableRegions.length > 0 && html`<p class="warning">Wishes for more scopes cannot be shown of ${props.unavailableRegions.join(", ")}: they do not answer.</p>`}
${
  props.apps.length === 0
    ? html`<div class="panel"><p class="muted">None.</p></div>`
    : html`<ul class="panel rows">${props.apps.map((app) => html`<li>${tile(app.name, app.icon)} <a class="words" href="${app.href}">${named(app.name)}</a> ${app.asksScopes && html`<span class="badge">More scopes</span>`} ${statusBadge(app.status)} <code class="muted">${app.clientId}</code></li>`)}</ul>`
}
${props.nextHref && html`<p><a href="${props.nextHref}">More</a></p>`}`,
  );

export interface OperatorAppProps extends OperatorFrame {
  app: {
    name: string;
    icon: string;
    clientId: string;
    status: string;
    kind: string;
    url: string;
    description: string;
    createdAt: number;
    redirectUris: readonly string[];
    allowedOrigins: readonly string[];
    /** In words. */
    scopes: readonly string[];
    testInstallations: readonly number[];
  };
  /** "no-team": it was made by the operator's API. "unavailable": the team's region does not answer. */
  publisher: PublisherRecord | "no-team" | "unavailable";
  region: string | undefined;
  history: readonly ReviewLine[] | undefined;
  /** In words: what the live app asks for. */
  asked: readonly string[];
  /** What it comes back to when its suspension is lifted. */
  before: string;
  formTo(path: string): Form;
  comment: string;
  problems?: Problems | undefined;
}

export interface PublisherRecord {
  teamName: string;
  publisherName: string;
  publisherUrl: string;
  privacyUrl: string;
  termsUrl: string;
  publisherEmail: string;
}

/** One app, as whoever decides about it must see it. */
export function operatorAppPage(props: OperatorAppProps): string {
  const { app, problems } = props;
  return operatorPage(
    props,
    { title: app.name, problem: problems !== undefined, trail: [{ label: "Apps", href: "/operator/apps" }] },
    html`<div class="app-title">${tile(app.name, app.icon)}<div><h1>${named(app.name)}</h1><p>${statusBadge(app.status)}</p></div></div>
${problemSummary(problems)}
${decisions(props)}
<section class="panel"><h2>The app</h2><dl class="facts">
${fact("Client id", copyable("client-id", app.clientId, "client id"))}
${fact("Kind", app.kind)}
${fact("Registered", momentOf(app.createdAt))}
${fact("Website", address(app.url))}
${fact("Description", app.description === "" ? "–" : named(app.description))}
${fact("Redirect URIs", list(app.redirectUris))}
${fact("Allowed origins", list(app.allowedOrigins))}
${fact("Test installations", app.testInstallations.length === 0 ? "–" : app.testInstallations.join(", "))}
</dl></section>
<section class="panel"><h2>What it may ask for</h2>${grants(app.scopes)}</section>
${publisher(props)}
<section class="panel"><h2>History</h2>${props.history === undefined ? html`<p>${props.publisher === "no-team" ? "An app of the operator’s API has none; the audit log tells what was changed." : "It cannot be shown right now: its region does not answer."}</p>` : reviewHistory(props.history)}</section>
${app.status !== "suspended" && suspension(props)}`,
  );
}

const fact = (label: string, value: Content): Content => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;

const list = (items: readonly string[]): Content =>
  items.length === 0 ? "–" : html`<ul>${items.map((item) => html`<li><code>${item}</code></li>`)}</ul>`;

const grants = (scopes: readonly string[]): Content =>
  html`<ul class="grants">${["Know who somebody is", ...scopes].map((scope) => html`<li>${tickIcon}<span>${named(scope)}</span></li>`)}</ul>`;

/** Somebody else's address, in a window that knows nothing of this one. Shown whole: a reviewer reads it. */
const address = (url: string): Content => {
  const href = url === "" ? undefined : safeHref(url);
  if (url === "") return "–";
  return href
    ? html`<a href="${href}" rel="noopener noreferrer" target="_blank">${url}</a>`
    : html`<code>${url}</code>`;
};

function publisher({ publisher: record, region }: OperatorAppProps): Content {
  if (record === "no-team")
    return html`<section class="panel"><h2>Publisher</h2><p>None: it was registered by the operator’s API.</p></section>`;
  if (record === "unavailable")
    return html`<section class="panel"><h2>Publisher</h2><p>It cannot be shown right now: region ${region} does not answer.</p></section>`;
  return html`<section class="panel"><div class="head"><h2>Publisher</h2><span class="badge">${region}</span></div><dl class="facts">
${fact("Name", record.publisherName === "" ? "–" : named(record.publisherName))}
${fact("Team", named(record.teamName))}
${fact("E-mail", record.publisherEmail === "" ? "–" : named(record.publisherEmail))}
${fact("Website", address(record.publisherUrl))}
${fact("Privacy policy", address(record.privacyUrl))}
${fact("Terms of service", address(record.termsUrl))}
</dl></section>`;
}

function decisions(props: OperatorAppProps): Content {
  const { app, asked, before, formTo, comment, problems } = props;
  const note = (name: string, label: string, hint?: string) =>
    textField({ name, label, value: problems?.[name] === undefined ? "" : comment, hint, problem: problems?.[name] });
  return html`${
    app.status === "submitted" &&
    html`<section class="panel"><h2>In review</h2>
<p>While it is in review its team cannot change it: what stands here is what goes live.</p>
<div class="previews">
${formOf(formTo("/approve"), html`${note("approval", "A word to the team", "May be empty.")}<button class="primary" type="submit">Make it live</button>`)}
${formOf(formTo("/request-changes"), html`${note("comment", "What is to be changed", "One or two sentences; the team reads them.")}<button class="secondary" type="submit">Ask for changes</button>`)}
</div></section>`
  }
${
  asked.length > 0 &&
  html`<section class="panel"><h2>It asks for more scopes</h2><ul class="grants">${asked.map((scope) => html`<li>${tickIcon}<span>${named(scope)}</span></li>`)}</ul>
<div class="buttons">${formOf(formTo("/grant-scopes"), html`<button class="primary" type="submit">Grant them</button>`)}${formOf(formTo("/decline-scopes"), html`<button class="secondary" type="submit">Decline</button>`)}</div></section>`
}
${
  app.status === "suspended" &&
  html`<section class="panel"><h2>Suspended</h2><p>Nobody can log in, and its tokens are refused. Lifted, it is what it was: ${before}.</p>${formOf(formTo("/resume"), html`<button class="secondary fit" type="submit">Lift the suspension</button>`)}</section>`
}`;
}

function suspension({ app, formTo, comment, problems }: OperatorAppProps): Content {
  return html`<section class="panel danger"><details ${problems?.typedName && html`open`}><summary>Suspend it</summary>${formOf(
    formTo("/suspend"),
    html`<p>At once and everywhere: nobody can log in, and its tokens are refused. Only an operator can lift it.</p>
${textField({ name: "reason", label: "Why", value: problems?.typedName ? comment : "", hint: "The team reads it. May be empty." })}
${textField({ name: "typedName", label: "Type the app’s name", value: "", hint: app.name, problem: problems?.typedName })}<button class="primary bad fit" type="submit">Suspend</button>`,
  )}</details></section>`;
}
