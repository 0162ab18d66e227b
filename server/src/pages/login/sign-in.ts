import { type AppCard, appStrip } from "../app-card.ts";
import {
  emailField,
  type Form,
  formOf,
  hasProblems,
  passwordField,
  problemSummary,
  quietForm,
  submitButton,
} from "../forms.ts";
import { html, safeHref } from "../html.ts";
import { layout } from "../layout.ts";

export interface SignInProps {
  /** Absent when somebody signs in without an app. */
  app?: AppCard | undefined;
  form: Form;
  /** What was typed, or the request's `login_hint`. */
  email: string;
  remember: boolean;
  /** `form` is about both fields: wrong credentials, or too many tries and how many minutes to wait. */
  problems?: { email?: string | undefined; password?: string | undefined; form?: string | undefined } | undefined;
  /** Good news from the step before: "Your password was changed." */
  notice?: string | undefined;
  forgotHref: string;
  /** Of a page that answers a form; see `layout`. */
  address?: string | undefined;
  /** Where whoever has no account makes one. */
  signUpHref?: string | undefined;
  /** Sends the browser back to the app with `access_denied`. */
  cancelForm?: Form | undefined;
}

export function signInPage({
  app,
  form,
  email,
  remember,
  problems,
  notice,
  forgotHref,
  address,
  signUpHref,
  cancelForm,
}: SignInProps): string {
  const problem = hasProblems(problems);
  // Focus goes where typing starts, but to the summary when something went wrong.
  const focus = problem ? undefined : email === "" ? "email" : "password";
  return layout(
    { title: app ? `Sign in to ${app.name}` : "Sign in", problem, address },
    html`${app && appStrip(app)}
<h1>Sign in</h1>
${problemSummary(problems)}
${notice && html`<p class="notice" role="status">${notice}</p>`}
${formOf(
  form,
  html`${emailField({ value: email, problem: problems?.email, autofocus: focus === "email" })}
${passwordField({ label: "Password", autocomplete: "current-password", problem: problems?.password, autofocus: focus === "password" })}
<label class="check"><input type="checkbox" name="remember" value="1" ${remember && html`checked`}> Stay signed in for 30 days on this device</label>
${submitButton("Sign in")}`,
)}
<div class="more"><a class="quiet" href="${safeHref(forgotHref)}">Forgot your password?</a>${cancelForm && quietForm(cancelForm, "Cancel")}</div>
${signUpHref && html`<p class="muted">New here? <a href="${safeHref(signUpHref)}">Create a developer account</a></p>`}`,
  );
}
