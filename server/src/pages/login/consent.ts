import { type AppCard, appStrip } from "../app-card.ts";
import { type Form, formOf, quietForm } from "../forms.ts";
import { type Content, type Html, html, named, safeHref } from "../html.ts";
import { crossIcon, tickIcon } from "../icons.ts";
import { layout } from "../layout.ts";
import { regionBadge, tile } from "../tile.ts";

export interface ConsentProps {
  app: AppCard;
  form: Form;
  email: string;
  installation: { name: string; host: string; region: string; logo?: string | undefined };
  /** What is asked for, in the words of the scope's own description. */
  scopes: readonly { name: string; description: string }[];
  /** What the identity token would carry (OpenID Connect Core §5.4). Both false: there is none to speak of. */
  openid: { profile: boolean; email: boolean };
  /** As its developer wrote it; may be empty. */
  appDescription: string;
  /** The app's own site; may be empty. */
  appUrl: string;
  switchForm: Form;
  /**
   * `consent` grants something new. `confirm` grants nothing new, but another program on the device could have started
   * this login in the app's name, so a person must say yes (RFC 8252 §8.6).
   */
  mode: "consent" | "confirm";
}

export function consentPage(props: ConsentProps): string {
  const { app, form, email, installation, switchForm, mode } = props;
  const name = named(app.name);
  return layout(
    { title: mode === "consent" ? `Allow ${app.name}?` : `Continue to ${app.name}?` },
    html`${appStrip(app)}
<h1>${mode === "consent" ? html`Allow ${name}?` : html`Continue to ${name}?`}</h1>
${mode === "consent" ? about(props) : html`<p>Go on only if you have just started this sign-in yourself, on this device.</p>`}
<div class="place">${tile(installation.name, installation.logo ?? "")}
<span class="words"><span><strong>${named(installation.name)}</strong> ${regionBadge(installation.region)}</span><span class="muted">${named(installation.host)}</span><span class="muted"><span class="unseen">Signed in as </span><b>${named(email)}</b></span></span></div>
${mode === "consent" && grants(props)}
${formOf(
  form,
  html`<div class="decide">
<button class="primary" type="submit" name="decision" value="allow">${mode === "consent" ? "Allow" : "Continue"}</button>
<button class="secondary" type="submit" name="decision" value="deny">${mode === "consent" ? "Don’t allow" : "Cancel"}</button>
</div>`,
)}
<div class="more">${quietForm(switchForm, "Not you? Use another account")}</div>`,
  );
}

function about({ appDescription, appUrl }: ConsentProps): Content {
  const site = appUrl === "" ? undefined : safeHref(appUrl);
  if (appDescription === "" && site === undefined) return undefined;
  return html`<p class="muted">${named(appDescription)} ${site && html`<a href="${site}" rel="noopener noreferrer" target="_blank">More about this app</a>`}</p>`;
}

/** What is given and what is not, in plain words. The app learns the user's name and e-mail with every grant. */
function grants({ app, installation, scopes, openid }: ConsentProps): Html {
  const place = named(installation.name);
  return html`<section>
<h2>${named(app.name)} will be able to</h2>
<ul class="grants">
${granted("Know who you are", `Your name, picture, company and e-mail address.${proof(openid)}`)}
${scopes.map((scope) => granted(scope.description || scope.name, undefined))}
</ul>
</section>
<ul class="grants not">
<li>${crossIcon}<span>It never sees your password</span></li>
<li>${crossIcon}<span>It gets into no installation but ${place}</span></li>
</ul>
<p class="muted">An administrator of ${place} can end this access at any time.</p>`;
}

const granted = (what: string, detail: string | undefined): Content =>
  html`<li>${tickIcon}<span>${named(what)}${detail && html`<span class="muted">${detail}</span>`}</span></li>`;

function proof({ profile, email }: ConsentProps["openid"]): string {
  const held = [profile && "name", email && "e-mail address"].filter(Boolean);
  return held.length === 0 ? "" : ` It gets a signed proof of your ${held.join(" and ")}.`;
}
