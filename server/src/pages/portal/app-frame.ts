import type { Form } from "../forms.ts";
import { type Content, html, named } from "../html.ts";
import { tile } from "../tile.ts";
import { type NavItem, portalPage, type Shell, sectionsOf } from "./layout.ts";

/** What every page of an app needs. */
export interface AppFrame {
  visitor: Shell["visitor"];
  notice?: string | undefined;
  tabs: readonly NavItem[];
  app: { name: string; icon: string; clientId: string; status: string; teamId: string; teamName: string };
  /** Where its team is kept, while that region does not answer. */
  lostRegion?: string | undefined;
}

/** Sentences by field; `form` is about the whole form. */
export type Problems = Readonly<Record<string, string | undefined>>;

/** @param form makes the form that posts to `path` below the app's own address. */
export type FormTo = (path: string, more?: Record<string, string>) => Form;

export function appPage(frame: AppFrame, title: string, body: Content, problem = false): string {
  const { visitor, notice, lostRegion, tabs, app } = frame;
  return portalPage(
    {
      title: `${app.name}: ${title}`,
      visitor,
      notice,
      lostRegion,
      problem,
      tabs,
      sections: sectionsOf("apps", app.teamId),
      trail: [{ label: app.teamName, href: `/portal/teams/${app.teamId}` }],
    },
    html`<div class="app-title">${tile(app.name, app.icon)}<div><h1>${named(app.name)}</h1>
<p>${statusBadge(app.status)} <span class="muted">${title}</span></p></div></div>
${LOCKED.has(title) && app.status === "submitted" && html`<p class="warning"><span>The app is in review, so nothing but its secrets can be changed here until that is over. <a href="/portal/apps/${app.clientId}/review">Look at the review</a></span></p>`}
${body}`,
  );
}

/** Pages of what an operator reviews. */
const LOCKED: ReadonlySet<string> = new Set(["Credentials", "Branding", "Scopes"]);

const STATUSES: Readonly<Record<string, string>> = {
  live: "Live",
  development: "In development",
  submitted: "In review",
  changes_requested: "Changes requested",
  suspended: "Suspended",
};

export const statusWords = (status: string): string => STATUSES[status] ?? status;

export const statusBadge = (status: string): Content =>
  html`<span class="badge ${status === "live" ? "good" : status === "suspended" ? "bad" : ""}">${statusWords(status)}</span>`;

/** A value to be copied. @param id one of a name on a page. */
export const copyable = (id: string, value: string, what: string): Content =>
  html`<span class="copyable"><code id="${id}">${value}</code> <button class="quiet" type="button" data-copies="${id}" data-done="Copied" aria-label="Copy ${what}" hidden>Copy</button></span>`;

/** Told instead of overwriting what somebody else wrote meanwhile. */
export const STALE =
  "Somebody changed this app while you were at it, so nothing was saved. What is stored now is named at each field; send again to replace it.";

/** The same of what is no field to be filled in: a button that was pressed on a page that is no longer true. */
export const STALE_ACTION =
  "Somebody changed this while you were looking at it, so nothing was done. This is how it is now: look again, then decide.";
