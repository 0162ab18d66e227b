import { emailField, type Form, formOf, hasProblems, passwordField, problemSummary, submitButton } from "../forms.ts";
import { html } from "../html.ts";
import { type AccountPage, accountPage } from "./frame.ts";

export interface PasswordProps extends AccountPage {
  form: Form;
  email: string;
  forgotHref: string;
  problems?: { form?: string | undefined; current?: string | undefined; password?: string | undefined } | undefined;
}

/** The current password and a new one; password managers find the account's e-mail beside them. */
export function changePasswordPage(props: PasswordProps): string {
  const { form, email, forgotHref, problems } = props;
  return accountPage(
    props,
    { tab: "password", title: "Change your password", problem: hasProblems(problems) },
    html`<div class="panel narrow-panel"><h1>Change your password</h1>
<p class="muted">You stay signed in here. Everywhere else you will be signed out, and we tell you by mail.</p>
${problemSummary(problems)}
${formOf(
  form,
  html`${emailField({ value: email, readOnly: true })}
${passwordField({ name: "current", label: "Current password", autocomplete: "current-password", problem: problems?.current })}
${passwordField({ label: "New password", autocomplete: "new-password", problem: problems?.password })}
${submitButton("Change password")}`,
)}
<p><a class="quiet" href="${forgotHref}">I do not know my current password</a></p>
</div>`,
  );
}
