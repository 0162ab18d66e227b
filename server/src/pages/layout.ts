import { assets } from "./assets.ts";
import { type Content, html, withoutBidiControls } from "./html.ts";
import { keyholeIcon } from "./icons.ts";

export interface LayoutOptions {
  title: string;
  /** The page reports a problem: its title then starts with "Error:", which a screen reader says first. */
  problem?: boolean;
  /** For lists and mails, which need more room than a form. */
  wide?: boolean;
  /** Below the card, quietly. */
  footer?: Content;
}

/** A whole document, ready to be sent: one card on a quiet ground. Everything on it works without the script. */
export function layout({ title, problem = false, wide = false, footer }: LayoutOptions, body: Content): string {
  return String(html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${problem ? "Error: " : ""}${withoutBidiControls(title)} – Latchkey</title>
<link rel="icon" href="${assets.icon.href}" type="image/svg+xml">
<link rel="stylesheet" href="${assets.styles.href}">
<script src="${assets.script.href}" type="module"></script>
</head>
<body class="${wide ? "wide" : "narrow"}">
<header class="brand">${keyholeIcon} Latchkey</header>
<main class="card">
${body}
</main>
<footer class="foot">${footer}</footer>
</body>
</html>
`);
}
