import { type Form, formOf, problemSummary, textField } from "../forms.ts";
import { type Content, html, momentOf, named, safeHref } from "../html.ts";
import { type OperatorFrame, operatorPage } from "./frame.ts";

export interface UserRow {
  href: string;
  name: string;
  email: string;
  /** "Acme (US-12)" */
  place: string;
  disabled: boolean;
}

export interface RegionProps extends OperatorFrame {
  region: string;
  form: Form;
  /** What was looked for; the field holds it still. */
  text: string;
  problem?: string | undefined;
  /** `undefined`: nothing was looked for yet. "unavailable": the region does not answer. */
  found:
    | {
        installations: readonly { href: string; name: string; label: string; url: string }[];
        users: readonly UserRow[];
        cut: boolean;
      }
    | "unavailable"
    | undefined;
}

/** Looks for installations and people of one region. */
export function operatorRegionPage(props: RegionProps): string {
  const { region, form, text, problem, found } = props;
  const problems = problem === undefined ? undefined : { text: problem };
  return operatorPage(
    props,
    { title: `Region ${region}`, problem: problem !== undefined },
    html`<h1>Region ${region}</h1>${problemSummary(problems)}
<section class="panel">${formOf(form, html`${textField({ name: "text", label: "Look for an installation or a person", value: text, problem, hint: "An e-mail, an id, or the first letters of a name. This region alone is searched; that you looked is in its audit log, not what for." })}<button class="primary fit" type="submit">Search</button>`)}</section>
${found === "unavailable" ? html`<p class="warning" role="status">Region ${region} does not answer right now.</p>` : found && results(found)}`,
  );
}

function results({ installations, users, cut }: Exclude<RegionProps["found"], "unavailable" | undefined>): Content {
  if (installations.length + users.length === 0)
    return html`<p role="status">Nothing was found in this region. What lives in another one is not told here.</p>`;
  return html`${cut && html`<p class="muted" role="status">There may be more: type more of it.</p>`}
${installations.length > 0 && html`<section class="panel"><h2>Installations</h2><ul class="rows">${installations.map(({ href, name, label, url }) => html`<li><span class="words"><a href="${href}">${named(name)}</a><span class="muted">${url}</span></span> <span class="badge">${label}</span></li>`)}</ul></section>`}
${users.length > 0 && html`<section class="panel"><h2>People</h2>${userRows(users)}</section>`}`;
}

export const userRows = (users: readonly UserRow[]): Content =>
  html`<ul class="rows">${users.map(({ href, name, email, place, disabled }) => html`<li><span class="words"><a href="${href}">${named(name || email)}</a><span class="muted">${named(email)}</span></span> ${disabled && html`<span class="badge bad">Disabled</span>`} <span class="muted">${named(place)}</span></li>`)}</ul>`;

export interface InstallationProps extends OperatorFrame {
  region: string;
  installation: {
    label: string;
    name: string;
    url: string;
    apiEndPoint: string;
    company: string;
    createdAt: number;
    users: number;
  };
  apps: readonly { name: string; href: string | undefined; tokens: number }[];
  users: readonly UserRow[];
  nextHref: string | undefined;
}

/** One installation: who is in it, and which apps act there. */
export function operatorInstallationPage(props: InstallationProps): string {
  const { region, installation, apps, users, nextHref } = props;
  return operatorPage(
    props,
    { title: installation.name, trail: [{ label: `Region ${region}`, href: `/operator/regions/${region}` }] },
    html`<h1>${named(installation.name)} <span class="badge">${installation.label}</span></h1>
<section class="panel"><dl class="facts">
<div><dt>Address</dt><dd>${link(installation.url)}</dd></div>
<div><dt>API</dt><dd><code>${installation.apiEndPoint}</code></dd></div>
<div><dt>Company</dt><dd>${named(installation.company)}</dd></div>
<div><dt>Made</dt><dd>${momentOf(installation.createdAt)}</dd></div>
<div><dt>People</dt><dd>${installation.users}</dd></div></dl></section>
<section class="panel"><h2>Apps that hold tokens here</h2>${
      apps.length === 0
        ? html`<p class="muted">None.</p>`
        : html`<ul class="rows">${apps.map(({ name, href, tokens }) => html`<li><span class="words">${href ? html`<a href="${href}">${named(name)}</a>` : named(name)}</span> <span class="muted">${tokens} ${tokens === 1 ? "token" : "tokens"}</span></li>`)}</ul>`
    }</section>
<section class="panel"><h2>People</h2>${users.length === 0 ? html`<p class="muted">Nobody${nextHref === undefined ? "" : " more"}.</p>` : userRows(users)}${nextHref && html`<p><a href="${nextHref}">More</a></p>`}</section>`,
  );
}

const link = (url: string): Content => {
  const href = safeHref(url);
  return href
    ? html`<a href="${href}" rel="noopener noreferrer" target="_blank">${url}</a>`
    : html`<code>${url}</code>`;
};

export interface UserProps extends OperatorFrame {
  region: string;
  user: {
    name: string;
    email: string;
    label: string;
    role: string;
    company: string;
    disabled: boolean;
    /** Where the account is at home. */
    accountRegion: string;
    accountId: string;
    createdAt: number;
  };
  installation: { name: string; href: string };
  tokens: readonly {
    id: string;
    appName: string;
    scopes: readonly string[];
    issuedAt: number;
    expiresAt: number | null;
  }[];
  more: boolean;
  formTo(path: string, more?: Record<string, string>): Form;
  problem?: string | undefined;
}

/** One person in one installation: closed and opened, and what apps hold for them. */
export function operatorUserPage(props: UserProps): string {
  const { region, user, installation, tokens, more, formTo, problem } = props;
  return operatorPage(
    props,
    {
      title: user.name || user.email,
      problem: problem !== undefined,
      trail: [
        { label: `Region ${region}`, href: `/operator/regions/${region}` },
        { label: installation.name, href: installation.href },
      ],
    },
    html`<h1>${named(user.name || user.email)} ${user.disabled && html`<span class="badge bad">Disabled</span>`}</h1>
${problemSummary(problem === undefined ? undefined : { form: problem })}
<section class="panel"><dl class="facts">
<div><dt>E-mail</dt><dd>${named(user.email)}</dd></div>
<div><dt>Id</dt><dd>${user.label}</dd></div>
<div><dt>Role</dt><dd>${user.role}</dd></div>
<div><dt>Company</dt><dd>${named(user.company)}</dd></div>
<div><dt>Account</dt><dd><code>${user.accountId}</code><span class="hint">At home in ${user.accountRegion}</span></dd></div>
<div><dt>Since</dt><dd>${momentOf(user.createdAt)}</dd></div></dl>
${
  user.disabled
    ? formOf(
        formTo("/enable"),
        html`<p>Cannot log in here, and tokens are refused. Enabled, those that were not ended work again.</p><button class="secondary fit" type="submit">Enable</button>`,
      )
    : formOf(
        formTo("/disable"),
        html`<p>Disabled, this person cannot log in to this installation and all tokens are refused, until somebody enables them.</p><button class="secondary fit" type="submit">Disable</button>`,
      )
}</section>
<section class="panel"><div class="head"><h2>Tokens that apps hold</h2>${tokens.length > 0 && formOf(formTo("/tokens/end-all"), html`<button class="secondary" type="submit">End all of them</button>`)}</div>${
      tokens.length === 0
        ? html`<p class="muted">None.</p>`
        : html`<ul class="rows">${tokens.map(({ id, appName, scopes, issuedAt, expiresAt }) => html`<li><span class="words"><span>${named(appName)}</span><span class="muted">${momentOf(issuedAt)}${expiresAt !== null && html`, ends ${momentOf(expiresAt)}`}${scopes.length > 0 && html` · ${scopes.join(", ")}`}</span></span>${formOf(formTo("/tokens/end", { token: id }), html`<button class="quiet" type="submit" aria-label="End the token of ${appName}">End</button>`)}</li>`)}</ul>`
    }${more && html`<p class="muted">There are more.</p>`}</section>`,
  );
}
