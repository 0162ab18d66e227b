import { type Html, html } from "../html.ts";
import { type ConsentProps, consentCard } from "../login/consent.ts";

export type ConsentPreview = Omit<ConsentProps, "mode">;

/**
 * The card that users get, by day and by night: the login's own component. It can be looked at and not used, and those who
 * hear a page are told of it in words.
 */
export const consentPreview = (props: ConsentPreview): Html =>
  html`<div class="previews" id="preview">${(["light", "dark"] as const).map(
    (theme) =>
      html`<div class="preview ${theme}" inert><div class="card">${consentCard(
        { ...props, mode: "consent" },
        (words) => html`<p class="headline">${words}</p>`,
      )}</div></div>`,
  )}</div>`;
