import { emailField, type Form, formOf, hasProblems, problemSummary, submitButton } from "../forms.ts";
import { html, named, safeHref } from "../html.ts";
import { layout } from "../layout.ts";

export interface ForgotPasswordProps {
  form: Form;
  email: string;
  problems?: { email?: string | undefined; form?: string | undefined } | undefined;
  /** Back to the sign-in this came from. */
  backHref?: string | undefined;
  /** Of a page that answers a form; see `layout`. */
  address?: string | undefined;
}

export function forgotPasswordPage({ form, email, problems, backHref, address }: ForgotPasswordProps): string {
  const problem = hasProblems(problems);
  return layout(
    { title: "Reset your password", problem, address },
    html`<h1>Reset your password</h1>
${problemSummary(problems)}
<p>Tell us your e-mail address and we send you a link to choose a new password.</p>
${formOf(form, html`${emailField({ value: email, problem: problems?.email, autofocus: !problem })}${submitButton("Send the link")}`)}
${backHref && html`<div class="more"><a class="quiet" href="${safeHref(backHref)}">Back to sign-in</a></div>`}`,
  );
}

/** The same words whether or not there is such an account: nobody learns here who has one. */
export function forgotPasswordSentPage({ email }: { email: string }): string {
  return layout(
    { title: "Check your mail" },
    html`<h1>Check your mail</h1>
<p>If <b>${named(email)}</b> has an account, a link to choose a new password is on its way.</p>
<p class="muted">Nothing there after a few minutes? Look into the spam folder, and check that the address above is spelled right.</p>`,
  );
}
