import { type Form, formOf } from "../forms.ts";
import { type Content, type Html, html, named } from "../html.ts";
import { tickIcon } from "../icons.ts";
import { regionBadge, tile } from "../tile.ts";
import { type AccountPage, accountPage, dayOf, unavailableNote } from "./frame.ts";

export interface ConnectedAppsProps extends AccountPage {
  apps: readonly (ConnectedAppRow & { endHref: string })[];
  unavailableRegions: readonly string[];
  exportHref: string;
}

export interface ConnectedAppRow {
  name: string;
  icon: string;
  publisher?: string | undefined;
  installationName: string;
  region: string;
  /** In the words of the consent page. */
  scopes: readonly string[];
  /** Seconds since 1970 UTC. */
  since: number;
  firstUsedAt?: number | undefined;
  lastUsedAt?: number | undefined;
}

/** The apps that may act for the person, and where. */
export const connectedAppsPage = (props: ConnectedAppsProps): string =>
  accountPage(
    props,
    { tab: "apps", title: "Connected apps" },
    html`<div class="head"><div><h1>Connected apps</h1><p class="muted">These apps may act for you. Each was let in by you, or by your company.</p></div>${props.apps.length > 0 && html`<a class="quiet" href="${props.exportHref}" download>Download as CSV</a>`}</div>
${unavailableNote(props.unavailableRegions, "the apps you use")}
${
  props.apps.length > 0
    ? html`<ul class="entries panel">${props.apps.map((app) => html`<li>${appWords(app)}<a class="quiet" href="${app.endHref}">End access<span class="unseen"> of ${named(app.name)} to ${named(app.installationName)}</span></a></li>`)}</ul>`
    : props.unavailableRegions.length === 0 &&
      html`<div class="panel"><p>No app may act for you. When you log in to one and allow it, it is listed here.</p></div>`
}`,
  );

export interface EndAccessProps extends AccountPage {
  app: ConnectedAppRow;
  form: Form;
}

/** Asks before an app's access ends. */
export const endAccessPage = (props: EndAccessProps): string =>
  accountPage(
    props,
    {
      tab: "apps",
      title: `End the access of ${props.app.name}?`,
      trail: [{ label: "Connected apps", href: "/account/apps" }],
    },
    html`<div class="panel narrow-panel danger"><h1>End the access of ${named(props.app.name)}?</h1>
<div class="entry">${appWords(props.app)}</div>
<p>It can do nothing for you in ${named(props.app.installationName)} from that moment on. You can change your mind: the app must ask again the next time you log in to it.</p>
${formOf(
  props.form,
  html`<div class="decide"><button class="primary bad" type="submit">End access</button><a class="secondary" href="/account/apps">Keep it</a></div>`,
)}
</div>`,
  );

const appWords = (app: ConnectedAppRow): Html => html`${tile(app.name, app.icon)}
<div class="words"><p><strong>${named(app.name)}</strong>${app.publisher && html` <span class="muted">by ${named(app.publisher)}</span>`}</p>
<p class="muted">${named(app.installationName)} ${regionBadge(app.region)}</p>
<ul class="grants">${["Know who you are", ...app.scopes].map(granted)}</ul>
<p class="muted">Allowed ${dayOf(app.since)} · ${usesOf(app)}</p></div>`;

const usesOf = ({ firstUsedAt, lastUsedAt }: ConnectedAppRow): Content => {
  if (firstUsedAt === undefined) return "not used yet";
  return html`first used ${dayOf(firstUsedAt)}${lastUsedAt !== undefined && html` · last used ${dayOf(lastUsedAt)}`}`;
};

const granted = (scope: string): Content => html`<li>${tickIcon}<span>${named(scope)}</span></li>`;
