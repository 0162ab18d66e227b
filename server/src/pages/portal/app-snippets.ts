import { html, safeHref } from "../html.ts";
import type { Snippet } from "../snippets/snippets.ts";
import { type AppFrame, appPage } from "./app-frame.ts";

export interface SnippetsProps extends AppFrame {
  snippets: readonly Snippet[];
  /** Where to register a redirect URI, while there is none and an example stands in for it. */
  registerHref: string | undefined;
}

/** Whole programs that log in to this app, to be copied. */
export const snippetsPage = (props: SnippetsProps): string =>
  appPage(
    props,
    "Snippets",
    html`${props.registerHref !== undefined && html`<p class="warning"><span>The app has no redirect URI yet, so the snippets use an example. <a href="${safeHref(props.registerHref)}">Register yours</a></span></p>`}
<section class="panel"><h2>Whole programs with the values of this app</h2>
<p>Each makes a fresh <code>state</code> and a code challenge, checks what comes back, and exchanges the code. No secret is in any of them.</p>
<nav class="buttons" aria-label="Snippets">${props.snippets.map(({ id, title }) => html`<a class="secondary fit" href="#snippet-${id}">${title}</a>`)}</nav></section>
${props.snippets.map(
  ({
    id,
    title,
    words,
    text,
  }) => html`<section class="panel" id="snippet-${id}" aria-labelledby="title-${id}"><div class="head"><h2 id="title-${id}">${title}</h2>
<button class="secondary" type="button" data-copies="code-${id}" data-done="Copied" aria-label="Copy ${title}" hidden>Copy</button></div>
<p class="muted">${words}</p>
<pre class="mail" id="code-${id}">${text}</pre></section>`,
)}`,
  );
