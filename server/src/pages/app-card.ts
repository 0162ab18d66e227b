import { type Content, type Html, html, named } from "./html.ts";
import { sealIcon } from "./icons.ts";
import { tile } from "./tile.ts";

/** The app that asks for the login, as its user must see it on every step. */
export interface AppCard {
  name: string;
  /** Its address as registered; see `tile` for what is shown of it. Empty: none. */
  icon: string;
  verified: boolean;
  /** Where the browser goes at the end: "example.com", or "the Example app". */
  returnTo: string;
  /** Who stands behind it, where that is known. */
  publisher?: string | undefined;
}

export function appStrip(app: AppCard): Html {
  return html`<div class="app">
${tile(app.name, app.icon)}
<div>
<p class="title"><strong>${named(app.name)}</strong> ${app.verified ? html`<span class="badge good">${sealIcon} Verified</span>` : html`<span class="badge">Unverified app</span>`}</p>
<p class="muted">${app.publisher !== undefined && html`By <b>${named(app.publisher)}</b>. `}You will return to <b>${named(app.returnTo)}</b></p>
</div>
</div>`;
}

/** Who is signed in, on every step after the first. */
export const whoLine = (email: string): Content => html`<p class="who">Signed in as <b>${named(email)}</b></p>`;
