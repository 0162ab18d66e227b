import { emailField, type Form, formOf, hasProblems, passwordField, problemSummary, submitButton } from "../forms.ts";
import { type Content, html, named, safeHref } from "../html.ts";
import { layout } from "../layout.ts";

export type LinkKind = "invitation" | "password_reset";

export interface ConfirmLinkProps {
  kind: LinkKind;
  form: Form;
  /** Of invitations. */
  installationName?: string | undefined;
}

/** What a mailed link shows. Mail scanners follow links, so following one must change nothing: the button does. */
export function confirmLinkPage({ kind, form, installationName }: ConfirmLinkProps): string {
  const invited = kind === "invitation";
  return layout(
    { title: invited ? "You are invited" : "Reset your password" },
    html`<h1>${invited ? "You are invited" : "Reset your password"}</h1>
<p>${invited ? html`${place(installationName)} has an account ready for you. All it needs is a password.` : "You asked to choose a new password. If you did not, close this window: nothing has changed."}</p>
${formOf(form, submitButton(invited ? "Accept the invitation" : "Choose a new password"))}`,
  );
}

export interface NewPasswordProps extends ConfirmLinkProps {
  email: string;
  problems?: { password?: string | undefined; form?: string | undefined } | undefined;
  /** Of a page that answers a form; see `layout`. */
  address?: string | undefined;
}

export function newPasswordPage({ kind, form, email, installationName, problems, address }: NewPasswordProps): string {
  const problem = hasProblems(problems);
  return layout(
    { title: "Choose a password", problem, address },
    html`<h1>Choose a ${kind === "invitation" ? "" : "new "}password</h1>
${problemSummary(problems)}
${kind === "invitation" && html`<p>With it you sign in to ${place(installationName)} and to the apps you use there.</p>`}
${formOf(
  form,
  html`${emailField({ value: email, readOnly: true })}
${passwordField({ label: "New password", autocomplete: "new-password", problem: problems?.password, autofocus: !problem })}
${submitButton("Save the password")}`,
)}`,
  );
}

/** Used, late or mistyped: the same page, which tells a guesser nothing. */
export function deadLinkPage({ kind, againHref }: { kind: LinkKind; againHref?: string | undefined }): string {
  return layout(
    { title: "This link no longer works", problem: true },
    html`<h1>This link no longer works</h1>
<p>It was used already, is too old, or a part of it got lost on the way.</p>
<p>${kind === "invitation" ? "Ask whoever invited you to send a new invitation. If you have chosen a password already, just sign in." : "Ask for a new link; the old one then stays dead."}</p>
${againHref && html`<p><a class="primary" href="${safeHref(againHref)}">${kind === "invitation" ? "Sign in" : "Send a new link"}</a></p>`}`,
  );
}

export interface PasswordSavedProps {
  continueHref?: string | undefined;
  /** A region did not answer, and who came in there could not be signed out. */
  partly?: boolean;
}

export function passwordSavedPage({ continueHref, partly }: PasswordSavedProps): string {
  return layout(
    { title: "Your password is saved" },
    html`<h1>Your password is saved</h1>
<p>From now on you sign in with it, everywhere. Whoever was signed in to your account is signed out.</p>
${partly && html`<p class="warning"><span>A region does not answer: whoever came in there keeps the portal for at most 12 hours.</span></p>`}
${continueHref ? html`<p><a class="primary" href="${safeHref(continueHref)}">Sign in</a></p>` : html`<p class="muted">You can close this window and open the app you want to use.</p>`}`,
  );
}

const place = (installationName: string | undefined): Content =>
  installationName ? html`<b>${named(installationName)}</b>` : "Your company";
