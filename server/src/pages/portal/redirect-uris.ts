import { differingParts } from "../errors/difference.ts";
import { formOf, textField } from "../forms.ts";
import { type Content, html, visible } from "../html.ts";
import type { FormTo, Problems } from "./app-frame.ts";

/** What became of a value that was put to the test. */
export interface UriTest {
  received: string;
  matches: boolean;
  nearest?: string | undefined;
  slip?: string | undefined;
  /** Why nobody could register it. */
  problem?: string | undefined;
}

interface RedirectUriProps {
  formTo: FormTo;
  mayChange: boolean;
  redirectUris: readonly { uri: string; note?: string | undefined }[];
  uriExample: string;
  typed?: Readonly<Record<string, string>> | undefined;
  problems?: Problems | undefined;
  uriTest?: UriTest | undefined;
}

/** Where logins may end, and whether a given address is one of them. */
export function redirectUriPanel(props: RedirectUriProps): Content {
  const { formTo, mayChange, redirectUris, uriExample, typed, problems, uriTest } = props;
  return html`<section class="panel"><h2>Redirect URIs</h2>
<p class="muted">Where people come back to with a code. Compared byte for byte; on localhost, 127.0.0.1 and [::1] any port is accepted.</p>
${
  redirectUris.length === 0
    ? html`<p>None yet: nobody can log in before there is one.</p>`
    : html`<ul class="rows">${redirectUris.map(({ uri, note }) => html`<li><div class="words"><code>${uri}</code>${note && html`<span class="muted">${note}</span>`}</div>${mayChange && formOf(formTo("/credentials/redirect-uris/remove", { uri }), html`<button class="quiet" type="submit" aria-label="Remove ${uri}">Remove</button>`)}</li>`)}</ul>`
}
${
  mayChange &&
  html`${formOf(formTo("/credentials/redirect-uris"), html`${textField({ name: "redirectUri", label: "Redirect URI", value: typed?.redirectUri ?? "", problem: problems?.redirectUri, hint: `For example ${uriExample}` })}<button class="secondary fit" type="submit">Add URI</button>`)}
<details><summary>It is for a Chrome extension</summary>
${formOf(formTo("/credentials/redirect-uris"), html`${textField({ name: "extension", label: "The extension’s id", value: typed?.extension ?? "", problem: problems?.extension, hint: "Its 32 letters from a to p, from chrome://extensions" })}<button class="secondary fit" type="submit">Add its address</button>`)}</details>`
}
${formOf(formTo("/credentials/test"), html`${textField({ name: "tested", label: "Test a value", value: uriTest?.received ?? "", hint: "Paste the redirect_uri that your app sends." })}<button class="secondary fit" type="submit">Test</button>`)}
${uriTest && verdict(uriTest)}</section>`;
}

function verdict({ received, matches, nearest, slip, problem }: UriTest): Content {
  if (matches) return html`<p class="notice" role="status">It matches: logins may end there.</p>`;
  if (!matches && problem !== undefined)
    return html`<p class="warning" role="status">No, and it could not be registered. ${problem}</p>`;
  if (nearest === undefined) return html`<p class="warning" role="status">No: none is registered yet.</p>`;
  const parts = differingParts(visible(received), visible(nearest));
  return html`<div class="developer" role="status"><p>It is not registered. ${slip ?? ""}</p>
<dl><div><dt>Sent</dt><dd><code>${parts.received.before}<mark>${parts.received.differs}</mark>${parts.received.after}</code></dd></div>
<div><dt>The nearest registered</dt><dd><code>${parts.nearest.before}<mark>${parts.nearest.differs}</mark>${parts.nearest.after}</code></dd></div></dl></div>`;
}
