import {
  choiceField,
  codeField,
  emailField,
  type Form,
  formOf,
  hasProblems,
  passwordField,
  problemSummary,
  quietForm,
  submitButton,
  textField,
} from "../forms.ts";
import { type Content, html, named, safeHref } from "../html.ts";
import { layout } from "../layout.ts";
import { placeOf, regionChoice } from "../region-words.ts";

type Problems = Readonly<Record<string, string | undefined>> | undefined;

export interface SignUpProps {
  form: Form;
  email: string;
  /** The one that is chosen; empty: none yet. */
  region: string;
  regions: readonly string[];
  problems?: Problems;
  signInHref: string;
  /** Of a page that answers a form; see `layout`. */
  address?: string | undefined;
}

/** First of three: who, and where it is kept. */
export function signUpPage({ form, email, region, regions, problems, signInHref, address }: SignUpProps): string {
  const problem = hasProblems(problems);
  return layout(
    { title: "Create a developer account", portal: true, problem, address },
    html`<h1>Create a developer account</h1>
<p>Register apps, try them in a sandbox of your own, and see how their logins go.</p>
${problemSummary(problems)}
${formOf(
  form,
  html`${emailField({ value: email, problem: problems?.email, autofocus: !problem })}
${regionField("region", region, regions, problems?.region)}
${submitButton("Continue")}`,
)}
<p class="muted">You have an account? <a href="${safeHref(signInHref)}">Sign in</a></p>`,
  );
}

const regionField = (
  name: string,
  region: string,
  regions: readonly string[],
  problem: string | undefined,
): Content => [
  choiceField({
    name,
    label: "Where is your data to be kept?",
    value: region,
    choices: regions.map(regionChoice),
    problem,
  }),
  html`<p class="hint">That is your e-mail address, your name, your password as a hash, your team’s name and members, its sandbox, and mails on their way to you. Servers in other places may handle it while they answer you, and store none of it. You cannot move it yourself later on; the operator can.</p>`,
];

export interface SignUpCodeProps {
  form: Form;
  resendForm: Form;
  email: string;
  /** How long a code works. */
  minutes: number;
  problems?: Problems;
  /** What was just done: "A new code is on its way." */
  notice?: string | undefined;
  againHref: string;
  /** Where the mail can be read on a server that sends none. */
  outboxHref?: string | undefined;
  address?: string | undefined;
}

/** Second: the code. The same words whether or not the e-mail has an account: the mail tells, and nobody else. */
export function signUpCodePage(props: SignUpCodeProps): string {
  const { form, resendForm, email, minutes, problems, notice, againHref, outboxHref, address } = props;
  const problem = hasProblems(problems);
  return layout(
    { title: "Check your mail", portal: true, problem, address },
    html`<h1>Check your mail</h1>
${problemSummary(problems)}
${notice && html`<p class="notice" role="status">${notice}</p>`}
<p>We sent a mail to <b>${named(email)}</b>. Type the code that is in it. It works for ${minutes} minutes.</p>
${formOf(form, html`${codeField({ problem: problems?.code, autofocus: !problem })}${submitButton("Continue")}`)}
<p class="muted">${
      outboxHref
        ? html`This server sends no mail yet: it waits in <a href="${safeHref(outboxHref)}" target="_blank">the outbox</a>, which opens in a new tab.`
        : "Nothing there after a minute? Look into the spam folder, and check that the address above is spelled right."
    }</p>
<div class="more">${quietForm(resendForm, "Send another code")}<a class="quiet" href="${safeHref(againHref)}">Begin again</a></div>`,
  );
}

export interface NewAccountProps {
  form: Form;
  email: string;
  firstName: string;
  lastName: string;
  problems?: Problems;
  /** Of a new team; or the one that is joined, and where its sandbox is. */
  team: { name: string } | { joins: string; region: string };
  /** Where the account is to live: settled, or to be chosen. */
  home: string | { chosen: string; regions: readonly string[] };
  /** Of a sign-up: to another e-mail or region. */
  againHref?: string | undefined;
  address?: string | undefined;
}

/** Third: a name and a password. */
export function newAccountPage(props: NewAccountProps): string {
  const { form, email, firstName, lastName, problems, team, home, againHref, address } = props;
  const problem = hasProblems(problems);
  const joins = "joins" in team;
  return layout(
    { title: joins ? "Create your account" : "Almost done", portal: true, problem, address },
    html`<h1>${joins ? "Create your account" : "Almost done"}</h1>
${joins && html`<p>Then you are in <b>${named(team.joins)}</b>, and a user of its sandbox, which is kept in ${placeOf(team.region)}.</p>`}
${problemSummary(problems)}
${formOf(
  form,
  html`${emailField({ value: email, readOnly: true })}
${textField({ name: "firstName", label: "First name", value: firstName, problem: problems?.firstName, required: true, autofocus: !problem, autocomplete: "given-name" })}
${textField({ name: "lastName", label: "Last name", value: lastName, problem: problems?.lastName, autocomplete: "family-name" })}
${passwordField({ label: "Password", autocomplete: "new-password", problem: problems?.password })}
${!joins && textField({ name: "teamName", label: "Team name", value: team.name, problem: problems?.teamName, required: true, autocomplete: "organization", hint: "Apps belong to teams. Yours can be one person." })}
${typeof home === "string" ? html`<p class="hint">All this is kept in ${placeOf(home)}.</p>` : regionField("home", home.chosen, home.regions, problems?.home)}
${submitButton(joins ? "Create the account and join" : "Create the account")}`,
)}
${againHref && html`<div class="more"><a class="quiet" href="${safeHref(againHref)}">Begin again</a></div>`}`,
  );
}

export interface JoinProps {
  form: Form;
  teamName: string;
  role: string;
  problems?: Problems;
  address?: string | undefined;
}

/** What a mailed invitation shows to whoever is not signed in. Mail scanners follow links; the button goes on. */
export const joinPage = ({ form, teamName, role, problems, address }: JoinProps): string =>
  layout(
    { title: `Join ${teamName}`, portal: true, problem: hasProblems(problems), address },
    html`<h1>Join ${named(teamName)}</h1>
${problemSummary(problems)}
<p>You are invited into this team of developers, as <b>${role}</b>.</p>
${formOf(form, submitButton("Go on"))}
<p class="muted">You sign in with the account of the e-mail address that got the mail, or create it if there is none.</p>`,
  );

/** The e-mail got an account meanwhile; who stands here has proven that it is theirs. */
export const accountThereAlreadyPage = ({ email, signInHref }: { email: string; signInHref: string }): string =>
  layout(
    { title: "You have an account already", portal: true },
    html`<h1>You have an account already</h1>
<p>Sign in as <b>${named(email)}</b> with the password you have chosen before. If you do not know it, choose another one there by mail.</p>
<p><a class="primary" href="${safeHref(signInHref)}">Sign in</a></p>`,
  );
