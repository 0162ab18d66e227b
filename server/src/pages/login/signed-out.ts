import { html } from "../html.ts";
import { layout } from "../layout.ts";

export function signedOutPage(): string {
  return layout(
    { title: "You are signed out" },
    html`<h1>You are signed out</h1>
<p>Apps that you have logged in to keep their access: sign out there too on a device that others use.</p>`,
  );
}
