import { formOf, problemSummary, submitButton, textField } from "../forms.ts";
import { html, named } from "../html.ts";
import { tickIcon } from "../icons.ts";
import { type AppFrame, appPage, type FormTo, type Problems } from "./app-frame.ts";
import { type ConsentPreview, consentPreview } from "./consent-preview.ts";

interface Brand {
  name: string;
  icon: string;
  url: string;
  description: string;
}

export interface BrandingProps extends AppFrame {
  formTo: FormTo;
  mayChange: boolean;
  /** As typed, or as stored. */
  brand: Brand;
  /** What is stored, where somebody else changed it meanwhile. */
  stored?: Brand | undefined;
  /** The page that asks for consent, as it would be with this brand. */
  preview: ConsentPreview;
  /** Characters. */
  iconLengthMax: number;
  problems?: Problems | undefined;
}

/** How the app looks to those who log in. */
export function brandingPage(props: BrandingProps): string {
  const { formTo, mayChange, brand, stored, preview, iconLengthMax, problems } = props;
  const field = (name: keyof Brand, label: string, hint: string, lines?: number) =>
    textField({
      name,
      label,
      value: brand[name],
      lines,
      hint: stored && stored[name] !== brand[name] ? `${hint} Stored now: ${shortened(stored[name])}` : hint,
      problem: problems?.[name],
    });
  return appPage(
    props,
    "Branding",
    html`${problemSummary(problems)}
${
  mayChange &&
  html`<section class="panel narrow-panel" data-preview="${formTo("/branding/preview").action}"><h2>What people see</h2>${formOf(
    formTo("/branding"),
    html`${field("name", "Name", "At most 100 characters.")}
${field("description", "Description", "One or two sentences, shown when people are asked to allow the app.", 3)}
${field("url", "Website", "Behind “More about this app”.")}
${field("icon", "Icon", "The picture itself, as data:image/png;base64,… of at most 6 KB. An https address is kept, but pages that people log in by load nothing from other hosts: they show initials in its place.")}
<p class="field picker" data-picture="icon" data-most="${iconLengthMax}" hidden><label class="secondary">Choose a picture<input class="unseen" type="file" accept="image/png,image/jpeg,image/webp"></label> <span class="hint" role="status" data-unreadable="This file is no picture that the browser can read."></span></p>
${submitButton("Save")}`,
  )}</section>`
}
<section class="panel"><h2>What they are asked</h2><p class="muted">The page that asks for consent, by day and by night, for somebody made up.${mayChange && " It follows what you type; saved, it is what people see."}</p>
${consentPreview(preview)}</section>`,
    problems !== undefined,
  );
}

/** Enough to recognise it by; an icon's own bytes say nothing to anybody. */
const shortened = (text: string): string =>
  text.startsWith("data:") ? "another picture" : text === "" ? "(empty)" : text;

export interface ScopesProps extends AppFrame {
  formTo: FormTo;
  mayChange: boolean;
  /** `asked`: an operator is to decide about it. */
  scopes: readonly {
    name: string;
    description: string;
    chosen: boolean;
    asked: boolean;
    stored?: boolean | undefined;
  }[];
  /** A live app gets more scopes only when an operator agrees. */
  live: boolean;
  problems?: Problems | undefined;
}

/** What the app may ask for, in the words its users read. */
export function scopesPage(props: ScopesProps): string {
  const { formTo, mayChange, live, scopes, problems } = props;
  return appPage(
    props,
    "Scopes",
    html`${problemSummary(problems)}<section class="panel"><h2>What the app may ask for</h2>
<p class="muted">Everybody who logs in is asked to allow these, in these words. Ask for no more than you use; when the list grows, people are asked again.${live && " The app is live, so an operator first agrees to what is new; until then it goes on with what it has."}</p>
${
  scopes.length === 0
    ? html`<p>This server has no scopes beyond who somebody is.</p>`
    : mayChange
      ? formOf(
          formTo("/scopes"),
          html`${scopes.map(({ name, description, chosen, asked, stored }) => html`<label class="check"><input type="checkbox" name="scope.${name}" value="yes" ${chosen && html`checked`}><span>${named(description || name)} <code class="muted">${name}</code>${asked && html` <span class="badge">In review</span>`}${stored !== undefined && html` <span class="hint">Stored now: ${stored ? "chosen" : "not chosen"}</span>`}</span></label>`)}${submitButton("Save")}`,
        )
      : html`<ul class="grants">${scopes.filter(({ chosen }) => chosen).map(({ name, description }) => html`<li>${tickIcon}<span>${named(description || name)}</span></li>`)}</ul>`
}</section>`,
    problems !== undefined,
  );
}

export interface DangerProps extends AppFrame {
  formTo: FormTo;
  may: { suspend: boolean; remove: boolean; resume: boolean };
  suspended: boolean;
  counts: { grants: number; lastUse: string; unavailableRegions: readonly string[] };
  problems?: Problems | undefined;
  typedName?: string | undefined;
}

/** Closing the app for a while, or for good. */
export function dangerPage(props: DangerProps): string {
  const { formTo, app, may, suspended, counts, problems } = props;
  return appPage(
    props,
    "Danger",
    html`${problemSummary(problems)}
<section class="panel"><h2>${suspended ? "The app is suspended" : "Suspend the app"}</h2>
<p>${suspended ? "Nobody can log in and its tokens are refused, but nothing is lost." : "Nobody can log in and its tokens are refused until you resume it. Nothing is lost."}</p>
${!suspended && may.suspend && formOf(formTo("/danger/suspend"), html`<button class="secondary fit" type="submit">Suspend</button>`)}
${suspended && may.resume && formOf(formTo("/danger/resume"), html`<button class="secondary fit" type="submit">Resume</button>`)}
${suspended && !may.resume && html`<p class="muted">Ask an admin of your team, or the operator of this server if it was they.</p>`}</section>
<section class="panel danger"><h2>Delete the app</h2>
<p>There is no way back: ${counts.grants} active ${counts.grants === 1 ? "token ends" : "tokens end"} at once. Last login: ${counts.lastUse}.</p>
${counts.unavailableRegions.length > 0 && html`<p class="warning">Not counted, for they do not answer: ${counts.unavailableRegions.join(", ")}.</p>`}
${
  may.remove
    ? formOf(
        formTo("/danger/delete"),
        html`${textField({ name: "typedName", label: "Type the app’s name", value: props.typedName ?? "", problem: problems?.typedName, hint: app.name })}<button class="primary bad" type="submit">Delete for good</button>`,
      )
    : html`<p class="muted">Only owners and admins of the team can delete it.</p>`
}</section>`,
    problems !== undefined,
  );
}
