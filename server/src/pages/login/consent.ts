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
  scopes: readonly { name: string; description: string; isNew?: boolean }[];
  /** The user allowed the app something before, and it asks for more. */
  asksForMore?: boolean | undefined;
  /** What the identity token would carry (OpenID Connect Core §5.4). Both false: there is none to speak of. */
  openid: { profile: boolean; email: boolean };
  /** As its developer wrote it; may be empty. */
  appDescription: string;
  /** The app's own site; may be empty. */
  appUrl: string;
  /** The publisher's own pages; empty where there are none. */
  publisherUrls?: { site: string; privacy: string; terms: string } | undefined;
  switchForm: Form;
  /**
   * `consent` grants something new. `confirm` grants nothing new, but another program on the device could have started
   * this login in the app's name, so a person must say yes (RFC 8252 §8.6).
   */
  mode: "consent" | "confirm";
}

export function consentPage(props: ConsentProps): string {
  const { app, mode } = props;
  const title = mode === "consent" ? `Allow ${app.name}?` : `Continue to ${app.name}?`;
  return layout(
    { title },
    consentCard(props, (words) => html`<h1>${words}</h1>`),
  );
}

/** What stands on the card, also where it is a picture of itself: in the portal, whose page has a headline of its own. */
export function consentCard(props: ConsentProps, headline: (words: Html) => Html): Html {
  const { app, form, email, installation, switchForm, mode } = props;
  const name = named(app.name);
  return html`${appStrip(app)}
${headline(mode === "consent" ? html`Allow ${name}?` : html`Continue to ${name}?`)}
${mode === "consent" ? about(props) : html`<p>Go on only if you have just started this sign-in yourself, on this device.</p>`}
<div class="place">${tile(installation.name, installation.logo ?? "")}
<span class="words"><span><strong>${named(installation.name)}</strong> ${regionBadge(installation.region)}</span><span class="muted">${named(installation.host)}</span><span class="muted"><span class="unseen">Signed in as </span><b>${named(email)}</b></span></span></div>
${mode === "consent" && grants(props)}
${mode === "consent" && unreviewed(app)}
${formOf(
  form,
  html`<div class="decide">
<button class="primary" type="submit" name="decision" value="allow">${mode === "consent" ? "Allow" : "Continue"}</button>
<button class="secondary" type="submit" name="decision" value="deny">${mode === "consent" ? "Don’t allow" : "Cancel"}</button>
</div>`,
)}
<div class="more">${quietForm(switchForm, "Not you? Use another account")}</div>`;
}

/** The developer's words and addresses: nothing is fetched from there, and what opens knows nothing of this page. */
function about({ appDescription, appUrl, publisherUrls }: ConsentProps): Content {
  const { site = "", privacy = "", terms = "" } = publisherUrls ?? {};
  const links = [
    outside(appUrl, "More about this app"),
    outside(site, "Publisher"),
    outside(privacy, "Privacy policy"),
    outside(terms, "Terms of service"),
  ].filter((link) => link !== undefined);
  if (appDescription === "" && links.length === 0) return undefined;
  return html`<p class="muted">${named(appDescription)} ${links.map((link, index) => html`${index > 0 && " · "}${link}`)}</p>`;
}

function outside(address: string, label: string): Html | undefined {
  const href = address === "" ? undefined : safeHref(address);
  return href === undefined
    ? undefined
    : html`<a href="${href}" rel="noopener noreferrer" target="_blank">${label}</a>`;
}

const unreviewed = ({ verified }: AppCard): Content =>
  !verified && html`<p class="warning">Nobody has reviewed this app yet. Allow it only if you know who makes it.</p>`;

/** What is given and what is not, in plain words. The app learns the user's name and e-mail with every grant. */
function grants({ app, installation, scopes, openid, asksForMore }: ConsentProps): Html {
  const place = named(installation.name);
  return html`${asksForMore && html`<p class="notice">You allowed this app before. It asks for more now, so you are asked again.</p>`}
<section>
<h2>${named(app.name)} will be able to</h2>
<ul class="grants">
${granted("Know who you are", `Your name, picture, company and e-mail address.${proof(openid)}`)}
${scopes.map(({ name, description, isNew }) => granted(description || name, undefined, asksForMore && isNew))}
</ul>
</section>
<ul class="grants not">
<li>${crossIcon}<span>It never sees your password</span></li>
<li>${crossIcon}<span>It gets into no installation but ${place}</span></li>
</ul>
<p class="muted">An administrator of ${place} can end this access at any time.</p>`;
}

const granted = (what: string, detail: string | undefined, isNew = false): Content =>
  html`<li>${tickIcon}<span>${named(what)}${isNew && html` <span class="badge">New</span>`}${detail && html`<span class="muted">${detail}</span>`}</span></li>`;

function proof({ profile, email }: ConsentProps["openid"]): string {
  const held = [profile && "name", email && "e-mail address"].filter(Boolean);
  return held.length === 0 ? "" : ` It gets a signed proof of your ${held.join(" and ")}.`;
}
