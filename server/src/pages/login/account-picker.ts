import { type AppCard, appStrip } from "../app-card.ts";
import { type Form, formOf, quietForm } from "../forms.ts";
import { html, named } from "../html.ts";
import { arrowIcon } from "../icons.ts";
import { layout } from "../layout.ts";
import { tile } from "../tile.ts";

export interface AccountPickerProps {
  app: AppCard;
  /** Goes on as the account that is signed in. */
  form: Form;
  email: string;
  otherForm: Form;
  cancelForm?: Form | undefined;
}

/** For `prompt=select_account`: asks even where only one account is signed in. */
export function accountPickerPage({ app, form, email, otherForm, cancelForm }: AccountPickerProps): string {
  return layout(
    { title: `Choose an account for ${app.name}` },
    html`${appStrip(app)}
<h1>Choose an account</h1>
${formOf(
  form,
  html`<button class="choice" type="submit">${tile(email, "")}<span class="words"><strong>${named(email)}</strong><span class="muted">Signed in on this device</span></span>${arrowIcon}</button>`,
)}
<div class="more">${quietForm(otherForm, "Use another account")}${cancelForm && quietForm(cancelForm, "Cancel")}</div>`,
  );
}
