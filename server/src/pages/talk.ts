import { type Content, type Html, html, visible } from "./html.ts";
import { alertIcon, tickIcon } from "./icons.ts";

// The five steps of the guide as pages show them: what an app asks, and what it is told.

/** A request of the app as it travels, as a command for the terminal, and its answer once there is one. */
export interface Talk {
  request: string;
  /** Absent where running it would do harm by now. */
  curl?: string;
  answer?: { ok: boolean; text: string };
}

export type State = "done" | "now" | "later" | "failed";

export const stateOf = (ok: boolean | undefined): State => (ok === undefined ? "later" : ok ? "done" : "failed");
export const talkState = ({ answer }: Talk): State => (answer ? stateOf(answer.ok) : "now");

const MARKS: Record<State, Content> = {
  done: html`<span class="badge good">${tickIcon} Done</span>`,
  now: html`<span class="badge good">Now</span>`,
  later: undefined,
  failed: html`<span class="badge">${alertIcon} Refused</span>`,
};

export function step(
  number: number,
  title: string,
  state: State,
  { words, body }: { words: Content; body: Content },
): Html {
  return html`<section class="step" aria-labelledby="step-${number}">
<h2 id="step-${number}">${number}. ${title} ${MARKS[state]}</h2>
<p class="muted">${words}</p>
${body}
</section>`;
}

export function talkBlocks(id: string, { request, curl, answer }: Talk): Html {
  return html`${block(`${id}-request`, "The app asks", request)}
${answer && block(`${id}-answer`, "and is told", answer.text)}
${curl !== undefined && folded("The same in a terminal", command(`${id}-curl`, curl))}`;
}

export const folded = (summary: Content, body: Content, open = false): Html =>
  html`<details ${open && html`open`}><summary class="muted">${summary}</summary>${body}</details>`;

export const block = (id: string, label: string, text: string): Html => html`<div class="field">
<p class="hint">${label}</p>
<pre class="mail" id="${id}">${lines(text)}</pre>
</div>`;

export const command = (id: string, text: string, label = "Copy the command"): Html =>
  html`<pre class="mail" id="${id}">${lines(text)}</pre>
<button class="quiet" type="button" data-copies="${id}" data-done="Copied" hidden>${label}</button>`;

/** One by one, because `visible` would write the line breaks out. */
const lines = (text: string) => text.split("\n").map(visible).join("\n");

export const refusal = (sentence: string): Html =>
  html`<div class="alert" role="alert" tabindex="-1" data-focus>${alertIcon}<p>${visible(sentence)}</p></div>`;
