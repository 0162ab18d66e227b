import { type Form, formOf, hasProblems, problemSummary, submitButton, textField } from "../forms.ts";
import { type Content, type Html, html, named } from "../html.ts";
import { regionBadge, tile } from "../tile.ts";
import { type AccountPage, accountPage, dayOf, unavailableNote } from "./frame.ts";

export interface ProfileProps extends AccountPage {
  email: string;
  /** The region that keeps the account. */
  home: string;
  /** Absent while the home region does not answer. Seconds since 1970 UTC. */
  since?: number | undefined;
  users: readonly OwnUserRow[];
  unavailableRegions: readonly string[];
}

export interface OwnUserRow {
  installationName: string;
  installationLogo: string;
  region: string;
  host: string;
  name: string;
  /** "Admin", "Member": as shown. */
  role: string;
  /** Absent: access there is switched off. */
  editHref?: string | undefined;
}

/** Who one is here, where that is kept, and who one is in each installation. */
export const profilePage = (props: ProfileProps): string =>
  accountPage(
    props,
    { tab: "profile", title: "Your account" },
    html`<h1>Your account</h1>
<div class="panel">
<dl class="facts">
<div><dt>E-mail</dt><dd>${named(props.email)}</dd></div>
<div><dt>Kept in</dt><dd>${home(props.home)}</dd></div>
${props.since !== undefined && html`<div><dt>Since</dt><dd>${dayOf(props.since)}</dd></div>`}
</dl>
</div>
<section class="panel" aria-labelledby="users">
<div><h2 id="users">Where you are a user</h2>
<p class="muted">You sign in with one account, and have a name and a role in each installation.</p></div>
${unavailableNote(props.unavailableRegions, "what you have")}
${
  props.users.length > 0
    ? html`<ul class="entries">${props.users.map((user) => html`<li>${userRow(user)}</li>`)}</ul>`
    : props.unavailableRegions.length === 0 &&
      html`<p>You are in no installation yet. An administrator of one can add you.</p>`
}
</section>`,
  );

const home = (region: string): Html =>
  html`Region <b>${region}</b><span class="hint">Your password and your sessions are stored there and nowhere else. Each installation below keeps your name and e-mail address in its own region.</span>`;

const userRow = (user: OwnUserRow): Html => html`${tile(user.installationName, user.installationLogo)}
<span class="words"><span><strong>${named(user.installationName)}</strong> ${regionBadge(user.region)}</span><span class="muted">${named(user.host)}</span><span>${named(user.name)} · ${user.role}</span></span>
${user.editHref ? html`<a class="quiet" href="${user.editHref}">Edit name<span class="unseen"> in ${named(user.installationName)}</span></a>` : html`<span class="reason">Switched off. Ask an administrator there.</span>`}`;

export interface EditNameProps extends AccountPage {
  form: Form;
  installationName: string;
  region: string;
  firstName: string;
  lastName: string;
  problems?: Readonly<Record<string, string | undefined>> | undefined;
  /** What somebody else wrote while this was being edited. */
  meanwhile?: string | undefined;
}

/** The name of one of a person's users. */
export function editNamePage(props: EditNameProps): string {
  const { form, installationName, region, firstName, lastName, problems, meanwhile } = props;
  const problem = hasProblems(problems) || meanwhile !== undefined;
  return accountPage(
    props,
    {
      tab: "profile",
      title: `Your name in ${installationName}`,
      problem,
      trail: [{ label: "Your account", href: "/account" }],
    },
    html`<div class="panel narrow-panel"><h1>Your name in ${named(installationName)}</h1>
<p class="muted">${regionBadge(region)} Seen by the people there, and by the apps you log in to.</p>
${problemSummary(problems)}${changedMeanwhile(meanwhile)}
${formOf(
  form,
  html`${textField({ name: "firstName", label: "First name", value: firstName, problem: problems?.firstName })}
${textField({ name: "lastName", label: "Last name", value: lastName, problem: problems?.lastName })}
${submitButton("Save")}`,
)}
</div>`,
  );
}

const changedMeanwhile = (now: string | undefined): Content =>
  now !== undefined &&
  html`<div class="alert" role="alert" tabindex="-1" data-focus><div><p>Somebody changed this name while you were at it: it is ${named(now)} now. Save again to use yours.</p></div></div>`;
