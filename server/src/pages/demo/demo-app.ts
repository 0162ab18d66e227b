import { type Form, formOf, submitButton } from "../forms.ts";
import { type Html, html, named, safeHref, visible } from "../html.ts";
import { layout } from "../layout.ts";
import { block, folded, refusal, stateOf, step, type Talk, talkBlocks, talkState } from "../talk.ts";

export interface DemoAppProps {
  logins: readonly { email: string; password: string; where: string }[];
  start: { href: string; talk: Talk };
  /** From here on: absent while it has not come to that. A callback with a problem goes no further. */
  callback?: { request: string; problem?: string };
  /** `form` does it; absent when it is done. */
  exchange?: { talk: Talk; form?: Form };
  call?: { talk: Talk; form?: Form };
}

/** The demo app: the five steps of the guide, one below the other, each as far as it has gone. */
export function demoAppPage({ logins, start, callback, exchange, call }: DemoAppProps): string {
  const back = stateOf(callback && callback.problem === undefined);
  return layout(
    { title: "Demo app", wide: true },
    html`<h1>Demo app</h1>
<p>An app that logs its users in with Latchkey, in five steps. It has a client id and a secret, and nothing else.</p>
${step(1, "Send the user to the login page", callback ? "done" : "now", {
  words: html`The app makes a fresh <code>state</code> and remembers it for this browser.`,
  body: callback
    ? folded("The request", talkBlocks("start", start.talk))
    : html`${talkBlocks("start", start.talk)}
<p><a class="primary" href="${safeHref(start.href)}">Log in with Latchkey</a></p>`,
})}
${step(2, "The user logs in", callback ? "done" : "later", {
  words: html`On pages of the login server. The app sees no password and needs to know no region.`,
  body: !callback && loginList(logins),
})}
${step(3, "The user comes back with a code", back, {
  words: html`The app checks <code>state</code> and <code>iss</code> before anything else. The code lives 15 minutes and works once.`,
  body: callback && callbackBlock(callback),
})}
${step(4, "Exchange the code for a token", exchange ? talkState(exchange.talk) : "later", {
  words: html`From the app’s server, with its secret. The answer names the user, the installation and its <code>apiEndPoint</code>. The token stays valid until it is revoked.`,
  body:
    exchange &&
    html`${talkBlocks("exchange", exchange.talk)}
${
  exchange.form &&
  html`<p class="muted">Press the button or run the command, not both: whoever uses a code again ends its token.</p>
${formOf(exchange.form, submitButton("Exchange the code"))}`
}`,
})}
${step(5, "Call the API of the installation", call ? talkState(call.talk) : "later", {
  words: html`At <code>apiEndPoint</code>, wherever that is: the app never asks for the region.`,
  body: call && html`${talkBlocks("call", call.talk)}${call.form && formOf(call.form, submitButton("Call me.json"))}`,
})}
${callback && html`<p><a class="secondary" href="/demo/app">Start again</a></p>`}`,
  );
}

/** The demo was switched on and could not be made, or its file was lost since the start. */
export const demoMissingPage = ({ file }: { file: string }): string =>
  layout(
    { title: "The demo is not there" },
    html`<h1>The demo is not there</h1>
<p>The demo app has lost its secret, which was in <code>${visible(file)}</code>. Start the server again and it gets a new one; if not, the log says why.</p>`,
  );

const callbackBlock = ({ request, problem }: NonNullable<DemoAppProps["callback"]>): Html => {
  const shown = block("callback", "The browser asks the app", request);
  return problem === undefined ? folded("The request", shown) : html`${shown}${refusal(problem)}`;
};

const loginList = (logins: DemoAppProps["logins"]): Html => html`<ul class="links">
${logins.map(
  ({ email, password, where }) =>
    html`<li><code>${named(email)}</code> with <code>${visible(password)}</code><span class="muted">${named(where)}</span></li>`,
)}
</ul>`;
