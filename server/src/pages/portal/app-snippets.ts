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
<p>Each makes a fresh <code>state</code> and a code challenge, checks what comes back, and exchanges the code. No secret is in any of them.</p></section>
<div class="panel folds">${props.snippets.map(
      (
        { id, title, words, text },
        index,
      ) => html`<details id="snippet-${id}" name="snippet" ${index === 0 && "open"}><summary><h2>${title}</h2></summary>
<div class="head"><p class="muted">${words}</p><button class="secondary" type="button" data-copies="code-${id}" data-done="Copied" aria-label="Copy ${title}" hidden>Copy</button></div>
<pre class="mail" id="code-${id}">${text}</pre></details>`,
    )}</div>`,
  );
