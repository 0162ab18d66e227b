import { type AppCard, appStrip, whoLine } from "../app-card.ts";
import { type Form, formOf, quietForm } from "../forms.ts";
import { type Content, type Html, html, named } from "../html.ts";
import { alertIcon, arrowIcon } from "../icons.ts";
import { layout } from "../layout.ts";
import { regionBadge, tile } from "../tile.ts";

export interface InstallationChoice {
  /** `REGION-ID`. */
  value: string;
  name: string;
  host: string;
  region: string;
  /** Its address, or empty. */
  logo: string;
  /** "Admin", "Member": as shown. */
  role: string;
  lastUsed?: boolean | undefined;
  /** Why it cannot be chosen, as a sentence. */
  disabledReason?: string | undefined;
}

export interface ChooserProps {
  app: AppCard;
  form: Form;
  email: string;
  choices: readonly InstallationChoice[];
  /** Regions that did not answer: what the account has there is missing from `choices`. */
  unavailableRegions: readonly string[];
  switchForm: Form;
  cancelForm?: Form | undefined;
}

export function chooserPage({
  app,
  form,
  email,
  choices,
  unavailableRegions,
  switchForm,
  cancelForm,
}: ChooserProps): string {
  const isNowhere = choices.length === 0 && unavailableRegions.length === 0;
  return layout(
    { title: `Choose an installation for ${app.name}` },
    html`${appStrip(app)}
<h1>${isNowhere ? "No installation yet" : "Choose an installation"}</h1>
${whoLine(email)}
${unavailable(unavailableRegions)}
${isNowhere && html`<p>This account belongs to no installation. Ask an administrator of yours to add it.</p>`}
${choices.length >= SEARCH_FROM_CHOICES && searchBox}
${choices.length > 0 && formOf(form, html`<ul class="choices" id="choices">${choices.map((choice) => html`<li>${row(choice)}</li>`)}</ul>`)}
<div class="more">${quietForm(switchForm, "Not you? Use another account")}${cancelForm && quietForm(cancelForm, "Cancel")}</div>`,
  );
}

const SEARCH_FROM_CHOICES = 8;

function row(choice: InstallationChoice): Html {
  const words = html`${tile(choice.name, choice.logo)}
<span class="words"><span><strong>${named(choice.name)}</strong> ${regionBadge(choice.region)} ${choice.lastUsed && html`<span class="badge good">Last used</span>`}</span><span class="muted">${named(choice.host)} · ${choice.role}</span>${choice.disabledReason && html`<span class="reason">${choice.disabledReason}</span>`}</span>`;
  // A disabled button cannot be reached by the keyboard, and so neither could its reason.
  if (choice.disabledReason) return html`<div class="choice disabled">${words}</div>`;
  return html`<button class="choice" type="submit" name="installation" value="${choice.value}">${words}${arrowIcon}</button>`;
}

// Outside the form, where Enter would choose the first row. Shown by the script, which does the searching.
const searchBox = html`<div class="field" hidden data-search="choices">
<label for="search">Search</label>
<input id="search" type="search" autocomplete="off" spellcheck="false">
<p class="hint" role="status" data-none="Nothing matches."></p>
</div>`;

const unavailable = (regions: readonly string[]): Content =>
  regions.length > 0 &&
  html`<div class="warning" role="status">${alertIcon}<p>${regions.length === 1 ? `Region ${regions[0]} does` : `Regions ${regions.join(", ")} do`} not answer right now, so what you have there is not shown. Try again in a few minutes.</p></div>`;
