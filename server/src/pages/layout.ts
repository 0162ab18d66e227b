import { assets } from "./assets.ts";
import { type Content, type Html, html, safeHref, withoutBidiControls } from "./html.ts";
import { keyholeIcon } from "./icons.ts";

export interface LayoutOptions {
  title: string;
  /** The page reports a problem: its title then starts with "Error:", which a screen reader says first. */
  problem?: boolean;
  /** For lists and mails, which need more room than a form. */
  wide?: boolean;
  /** With the portal's stylesheet beside the login's. */
  portal?: boolean;
  /**
   * Where a page that answers a form can be had by a link. The script puts it into the address bar: Reload and Back then
   * show the page, and do not ask whether to send the form again.
   */
  address?: string | undefined;
  /** Below the card, quietly. */
  footer?: Content;
}

/** A whole document, ready to be sent: one card on a quiet ground. Everything on it works without the script. */
export function layout(
  { title, problem = false, wide = false, portal = false, address, footer }: LayoutOptions,
  body: Content,
): string {
  return String(html`<!doctype html>
<html lang="en" dir="ltr">
<head>
${documentHead({ title, problem, styles: portal ? [assets.styles, assets.portalStyles] : [assets.styles] })}
</head>
<body class="${wide ? "wide" : "narrow"}" ${address && html`data-address="${safeHref(address)}"`}>
<header class="brand">${keyholeIcon} Latchkey</header>
<main class="card">
${body}
</main>
<footer class="foot">${footer}</footer>
</body>
</html>
`);
}

/** What every document of ours says of itself; a problem is the first word of its title, which a screen reader says first. */
export function documentHead(head: { title: string; problem: boolean; styles: readonly { href: string }[] }): Html {
  return html`<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${head.problem ? "Error: " : ""}${withoutBidiControls(head.title)} – Latchkey</title>
<link rel="icon" href="${assets.icon.href}" type="image/svg+xml">
${head.styles.map(
  ({ href }) => html`<link rel="stylesheet" href="${href}">
`,
)}<script src="${assets.script.href}" type="module"></script>`;
}
