import { assets } from "../assets.ts";
import { formOf } from "../forms.ts";
import { type Content, type Html, html, named, safeHref } from "../html.ts";
import { keyholeIcon } from "../icons.ts";
import { documentHead } from "../layout.ts";

/** What stands around every page behind the portal's login. */
export interface Shell {
  title: string;
  /** The page reports a problem: its title then starts with "Error:", which a screen reader says first. */
  problem?: boolean | undefined;
  /** Whose session it is. */
  visitor: { email: string; name: string; operator?: boolean | undefined };
  /** The sections of this part of the product. */
  sections: readonly NavItem[];
  /** The way here, outermost first; the page itself is not among them. */
  trail?: readonly { label: string; href: string }[] | undefined;
  /** The tabs of the thing in hand (an app, a team). */
  tabs?: readonly NavItem[] | undefined;
  /** What was just done: "Saved." Said once, after a redirect. */
  notice?: string | undefined;
  /** Where the team in hand is kept, while that region does not answer. */
  lostRegion?: string | undefined;
}

/** The team that a page is about, as its pages name it. */
export interface ShownTeam {
  teamId: string;
  name: string;
  lostRegion?: string | undefined;
}

export interface NavItem {
  label: string;
  href: string;
  current?: boolean | undefined;
}

/** A whole document: a bar with the sections, the tabs of what is in hand, the page. Works without the script. */
export function portalPage(shell: Shell, body: Content): string {
  const { title, problem = false, visitor, sections, trail = [], tabs = [], notice, lostRegion } = shell;
  return String(html`<!doctype html>
<html lang="en" dir="ltr">
<head>
${documentHead({ title, problem, styles: [assets.styles, assets.portalStyles] })}
</head>
<body class="portal">
<a class="skip" href="#main">Skip to the page</a>
<header class="bar">
<a class="home" href="/portal">${keyholeIcon} Latchkey</a>
<nav aria-label="Sections">${[...sections, ...operatorLink(visitor.operator, sections)].map(navLink)}</nav>
<details class="who-menu"><summary>${named(visitor.name || visitor.email)}</summary>
<div class="menu"><p class="muted">${named(visitor.email)}</p>
<a href="/account">Your account</a>
${formOf({ action: "/portal/logout", hidden: {} }, html`<button class="quiet" type="submit">Sign out</button>`)}</div></details>
</header>
<main id="main">
${trail.length > 0 && html`<nav class="trail" aria-label="You are here">${trail.map(({ label, href }, index) => html`${index > 0 && html`<span aria-hidden="true">/</span> `}<a href="${safeHref(href)}">${named(label)}</a> `)}</nav>`}
${notice && html`<p class="notice" role="status">${notice}</p>`}
${lostRegion && html`<p class="warning" role="status">Region ${lostRegion}, which keeps this team, does not answer right now. What is kept there cannot be shown or changed; everything else works.</p>`}
${tabs.length > 0 ? html`<div class="titled">${tabbed(tabs)}</div>` : ""}
${body}
</main>
</body>
</html>
`);
}

const operatorLink = (operator: boolean | undefined, sections: readonly NavItem[]): NavItem[] =>
  operator && !sections.some(({ href }) => href === OPERATOR.href) ? [OPERATOR] : [];

const OPERATOR = { label: "Operator", href: "/operator" };

const tabbed = (tabs: readonly NavItem[]): Html => html`<nav class="tabs" aria-label="Tabs">${tabs.map(navLink)}</nav>`;

const navLink = ({ label, href, current = false }: NavItem): Html =>
  current
    ? html`<a class="tab" href="${safeHref(href)}" aria-current="page">${label}</a> `
    : html`<a class="tab" href="${safeHref(href)}">${label}</a> `;

/** Which part of the product a page belongs to. `operator` sections are shown to operators only. */
export function sectionsOf(current: "apps" | "team" | "account" | "operator", teamId: string | undefined): NavItem[] {
  const team = teamId === undefined ? "/portal" : `/portal/teams/${teamId}`;
  return [
    { label: "Apps", href: team, current: current === "apps" },
    ...(teamId === undefined ? [] : [{ label: "Team", href: `${team}/members`, current: current === "team" }]),
    { label: "Account", href: "/account", current: current === "account" },
    ...(current === "operator" ? [{ ...OPERATOR, current: true }] : []),
  ];
}
