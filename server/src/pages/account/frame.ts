import { type Content, type Html, html } from "../html.ts";
import { alertIcon } from "../icons.ts";
import { portalPage, type Shell, sectionsOf } from "../portal/layout.ts";

/** What every page about a person's own account is given. */
export interface AccountPage {
  visitor: Shell["visitor"];
  /** What was just done. */
  notice?: string | undefined;
}

export type AccountTab = "profile" | "password" | "sessions" | "apps";

const TABS: readonly { tab: AccountTab; label: string; href: string }[] = [
  { tab: "profile", label: "Profile", href: "/account" },
  { tab: "password", label: "Password", href: "/account/password" },
  { tab: "sessions", label: "Sessions", href: "/account/sessions" },
  { tab: "apps", label: "Connected apps", href: "/account/apps" },
];

/** The account's tabs around one of its pages. */
export function accountPage(
  { visitor, notice }: AccountPage,
  { tab, title, problem, trail }: { tab: AccountTab; title: string; problem?: boolean; trail?: Shell["trail"] },
  body: Content,
): string {
  const tabs = TABS.map(({ label, href, ...one }) => ({ label, href, current: one.tab === tab }));
  return portalPage({ title, visitor, notice, problem, trail, tabs, sections: sectionsOf("account", undefined) }, body);
}

/** @param what  is missing there: "your users". */
export const unavailableNote = (regions: readonly string[], what: string): Content =>
  regions.length > 0 &&
  html`<div class="warning" role="status">${alertIcon}<p>${regions.length === 1 ? `Region ${regions[0]} does` : `Regions ${regions.join(", ")} do`} not answer right now, so ${what} there cannot be shown. Try again in a few minutes.</p></div>`;

/** @param at seconds since 1970 UTC; the day is enough for what happened long ago. */
export function dayOf(at: number): Html {
  const iso = new Date(at * 1000).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)}</time>`;
}
