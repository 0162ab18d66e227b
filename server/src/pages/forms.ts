import { type Content, type Html, html, safeHref } from "./html.ts";
import { alertIcon, eyeIcon } from "./icons.ts";

/** Where a form posts, and what it carries unseen (the request's parameters, the CSRF token). */
export interface Form {
  /** A path of this server. */
  action: string;
  hidden: Readonly<Record<string, string>>;
}

/** @throws {Error} if the action may not be pointed at: it is always ours, so that is a bug. */
export function formOf({ action, hidden }: Form, body: Content, method: "get" | "post" = "post"): Html {
  const href = safeHref(action);
  if (href === undefined) throw new Error("A form must post to this server.");
  return html`<form method="${method}" action="${href}">
${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${body}
</form>`;
}

/** A form that is nothing but a button that looks like a link: "Cancel", "Use another account". */
export const quietForm = (form: Form, label: Content): Html =>
  formOf(form, html`<button class="quiet" type="submit">${label}</button>`);

export const submitButton = (label: Content): Html => html`<button class="primary" type="submit">${label}</button>`;

export interface EmailFieldProps {
  value: string;
  problem?: string | undefined;
  autofocus?: boolean;
  /** Shown for password managers, which file a password under it, and not to be changed. */
  readOnly?: boolean;
}

export function emailField({ value, problem, autofocus = false, readOnly = false }: EmailFieldProps): Html {
  return html`<div class="field">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" inputmode="email" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${value}" ${readOnly && html`readonly`} ${autofocus && html`autofocus`} ${invalid("email", problem)}>
${fieldProblem("email", problem)}
</div>`;
}

export interface PasswordFieldProps {
  /** Also its id; `password` when absent. */
  name?: string;
  label: string;
  autocomplete: "current-password" | "new-password";
  problem?: string | undefined;
  autofocus?: boolean;
}

/** A password is never filled in again by us, whatever went wrong. Its button appears where the script runs. */
export function passwordField(props: PasswordFieldProps): Html {
  const { name = "password", label, autocomplete, problem, autofocus = false } = props;
  const isNew = autocomplete === "new-password";
  return html`<div class="field">
<label for="${name}">${label}</label>
<div class="secret">
<input id="${name}" name="${name}" type="password" autocomplete="${autocomplete}" autocapitalize="none" spellcheck="false" required ${isNew && html`minlength="12" passwordrules="minlength: 12;"`} ${autofocus && html`autofocus`} ${invalid(name, problem, isNew ? `${name}-hint` : undefined)}>
<button type="button" aria-label="Show ${label.toLowerCase()}" aria-pressed="false" aria-controls="${name}" data-reveals="${name}" hidden>${eyeIcon}</button>
</div>
${isNew && html`<p class="hint" id="${name}-hint">At least 12 characters. A few unrelated words do well.</p>`}
<p class="hint" aria-live="polite" data-caps-lock="Caps Lock is on."></p>
${fieldProblem(name, problem)}
</div>`;
}

export interface TextFieldProps {
  /** Also its id: one of a name on a page. */
  name: string;
  label: string;
  value: string;
  type?: "text" | "url" | "email" | undefined;
  autocomplete?: "given-name" | "family-name" | "organization" | undefined;
  hint?: string | undefined;
  problem?: string | undefined;
  required?: boolean | undefined;
  autofocus?: boolean | undefined;
  /** More than one line of text. */
  lines?: number | undefined;
}

export function textField(props: TextFieldProps): Html {
  const { name, label, value, type, autocomplete, hint, problem, required, autofocus, lines } = props;
  const described = invalid(name, problem, hint && `${name}-hint`);
  return html`<div class="field">
<label for="${name}">${label}</label>
${
  lines === undefined
    ? html`<input id="${name}" name="${name}" type="${type ?? "text"}" value="${value}" ${autocomplete && html`autocomplete="${autocomplete}"`} ${required && html`required`} ${autofocus && html`autofocus`} ${described}>`
    : html`<textarea id="${name}" name="${name}" rows="${lines}" ${required && html`required`} ${described}>${value}</textarea>`
}
${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
${fieldProblem(name, problem)}
</div>`;
}

export interface CodeFieldProps {
  problem?: string | undefined;
  autofocus?: boolean;
}

/** A code that was mailed: one field, so that it can be pasted, also with blanks in it, and filled in by the device. */
export const codeField = ({ problem, autofocus = false }: CodeFieldProps): Html => html`<div class="field">
<label for="code">Code</label>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]*" required ${autofocus && html`autofocus`} ${invalid("code", problem)}>
${fieldProblem("code", problem)}
</div>`;

export interface ChoiceFieldProps {
  name: string;
  label: string;
  value: string;
  choices: readonly { value: string; label: string; hint?: string | undefined }[];
  problem?: string | undefined;
}

/** One of a few, all of them in sight. */
export function choiceField({ name, label, value, choices, problem }: ChoiceFieldProps): Html {
  return html`<fieldset class="field" id="${name}">
<legend>${label}</legend>
${choices.map(
  (
    choice,
  ) => html`<label class="choice"><input type="radio" name="${name}" value="${choice.value}" ${choice.value === value && html`checked`}>
<span>${choice.label}${choice.hint && html`<span class="hint">${choice.hint}</span>`}</span></label>`,
)}
${fieldProblem(name, problem)}
</fieldset>`;
}

function invalid(id: string, problem: string | undefined, hintId?: string): Html {
  const describedBy = [problem && `${id}-problem`, hintId].filter(Boolean).join(" ");
  return html`${problem && html`aria-invalid="true"`} ${describedBy && html`aria-describedby="${describedBy}"`}`;
}

const fieldProblem = (id: string, problem: string | undefined): Content =>
  problem && html`<p class="field-problem" id="${id}-problem">${alertIcon} ${problem}</p>`;

/**
 * Says on top what went wrong and leads to the fields; the script moves the focus here.
 *
 * @param problems sentences by field name; `form` is about the whole form.
 */
export function problemSummary(problems: Readonly<Record<string, string | undefined>> = {}): Content {
  const all = Object.entries(problems).filter(([, sentence]) => sentence);
  if (all.length === 0) return undefined;
  return html`<div class="alert" role="alert" tabindex="-1" data-focus>${alertIcon}<div>
${all.map(([field, sentence]) => html`<p>${field === "form" ? sentence : html`<a href="#${field}">${sentence}</a>`}</p>`)}
</div></div>`;
}

export const hasProblems = (problems: Readonly<Record<string, string | undefined>> = {}): boolean =>
  Object.values(problems).some(Boolean);
