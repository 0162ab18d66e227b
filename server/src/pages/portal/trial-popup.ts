import { html, safeHref } from "../html.ts";
import { layout } from "../layout.ts";

/** Where a login in a popup ends: the script tells the window behind it where to go on, and closes this one. */
export const trialPopupPage = ({ href }: { href: string }): string =>
  layout(
    { title: "Logged in" },
    html`<h1>That worked</h1>
<p>The result is in the window that this one was opened from. It is safe to close this one.</p>
<p><a class="secondary" href="${safeHref(href)}" data-hands-over>Show it here</a></p>`,
  );
