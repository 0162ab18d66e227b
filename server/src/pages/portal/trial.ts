import { formOf } from "../forms.ts";
import { type Content, type Html, html, momentOf, named, safeHref } from "../html.ts";
import { block, folded, refusal, type State, step, talkBlocks } from "../talk.ts";
import { type AppFrame, appPage, type FormTo } from "./app-frame.ts";

type Act = keyof typeof ACTS;

export interface TrialProps extends AppFrame {
  formTo: FormTo;
  suspended: boolean;
  /** Test users of the team's sandbox; empty where the app is not open to it. */
  people: readonly { name: string; email: string; password: string; role: string }[];
  /** Who else may log in. */
  whoElse: "all" | "test";
  /** A login that is refused before it begins. */
  wrongHref: string;
  /** A login that came back. */
  run?: TrialRun;
}

export interface TrialRun {
  /** Below the app's own address. */
  path: string;
  start: { at: number; request: string };
  back: { at: number; request: string; problem: string | undefined };
  /** Where the user lives. */
  region: string | undefined;
  logHref: string;
  code?: { expiresAt: number; secondsLeft: number };
  /** The code was exchanged. */
  spent: boolean;
  /** What was asked since, in order; `step` is 4 or 5. */
  asked: readonly {
    id: string;
    act: Act;
    step: number;
    at: number;
    milliseconds: number | undefined;
    request: string;
    answer: { ok: boolean; text: string } | undefined;
  }[];
  /** What can be asked now. */
  offers: readonly Act[];
  /** The token works no more. */
  ended: boolean;
  /** Shows the code and the tokens, or hides them again. */
  valuesHref: string | undefined;
  valuesShown: boolean;
}

/** The five steps of the guide, done for real by whoever makes the app. */
export const trialPage = (props: TrialProps): string =>
  appPage(
    props,
    "Try it",
    html`${props.run ? runPanel(props, props.run) : startPanel(props)}
${props.run && folded("Begin another one", startPanel(props), isOver(props.run))}`,
    props.run?.back.problem !== undefined,
  );

/** Nothing good can come of it any more. */
const isOver = ({ code, spent, ended, back }: TrialRun): boolean =>
  ended || back.problem !== undefined || (!spent && code?.secondsLeft === 0);

function startPanel({ formTo, suspended, people, whoElse, wrongHref }: TrialProps): Html {
  if (suspended)
    return html`<section class="panel"><h2>Log in to your app</h2><p>The app is suspended, so nobody can log in to it.</p></section>`;
  return html`<section class="panel"><h2>Log in to your app</h2>
<p>The five steps for real: the login as your users see it, then each request your app would send, with its answer. What you are granted is a real token, listed among the connected apps of whoever logs in until it is revoked. From then on the login page knows this browser as that user; the portal stays yours.</p>
${formOf(
  formTo("/try"),
  html`<fieldset class="field" id="as"><legend>Who logs in</legend>
${people.map((person, index) => personChoice(person, index === 0))}
<label class="choice"><input type="radio" name="as" value="" ${people.length === 0 && html`checked`}>
<span>Whoever this browser is signed in as<span class="hint">${whoElse === "all" ? "The login page lets you choose another account." : "The app is not live, so only users of its test installations can log in. All others are refused."}</span></span></label></fieldset>
<div class="buttons"><button class="primary fit" type="submit" name="mode" value="redirect">Log in</button>
<button class="secondary fit" type="submit" name="mode" value="popup" formtarget="latchkey-try" data-popup hidden>Log in in a popup</button>
<button class="secondary fit" type="submit" name="mode" value="deny">Log in and refuse</button></div>`,
)}
<p class="muted">To see a refusal, press “Cancel” when you are asked. Or see <a href="${safeHref(wrongHref)}" target="_blank" rel="noopener">what happens with a redirect URI that is not registered</a>.</p></section>`;
}

const personChoice = ({ name, email, password, role }: TrialProps["people"][number], first: boolean): Html =>
  html`<label class="choice"><input type="radio" name="as" value="${email}" ${first && html`checked`}>
<span>${named(name)}, ${role} of your sandbox<span class="hint"><code>${email}</code> with the password <code>${password}</code></span></span></label>`;

function runPanel({ formTo }: TrialProps, run: TrialRun): Html {
  const { start, back, region, code, asked, offers, spent, ended, path } = run;
  const offered = (number: number) => offers.filter((act) => ACTS[act].step === number);
  const done = (number: number) => asked.filter((one) => one.step === number);
  const failed = back.problem !== undefined;
  return html`<div class="panel">
${step(1, "Send the user to the login page", "done", {
  words: html`${momentOf(start.at)}. With a fresh <code>state</code>, and a code challenge (PKCE).`,
  body: folded("The request", block("start", "The browser asks", start.request)),
})}
${step(2, "The user logs in", failed ? "failed" : "done", {
  words: html`On our pages. Each step of it is in <a href="${safeHref(run.logHref)}">the log of this login</a>.`,
  body: undefined,
})}
${step(3, "The user comes back with a code", failed ? "failed" : "done", {
  words: html`${momentOf(back.at)}${region !== undefined && html`, region ${region}`}. The app checks <code>state</code> and <code>iss</code> before anything else.`,
  body: html`${folded("The request", block("back", "The browser asks the app", back.request))}
${back.problem !== undefined && refusal(back.problem)}
${code && !spent && codeClock(code)}`,
})}
${step(4, "Exchange the code for a token", failed ? "later" : spent ? "done" : "now", {
  words: html`From the app’s server, with its secret: here one that was made for this try and is shown to nobody. A public app proves itself by its code verifier.`,
  body: html`${done(4).map((one) => askedBlock(one, region))}
${!spent && offerForms(offered(4), formTo(path))}`,
})}
${step(5, "Use the token", stateOfUse(run), {
  words: ended
    ? html`The token has ended: try it again and see.`
    : html`At the installation’s <code>apiEndPoint</code>, wherever that is.`,
  body: html`${done(5).map((one) => askedBlock(one, region))}
${offerForms(offered(5), formTo(path))}`,
})}
${run.valuesHref !== undefined && html`<p><a class="quiet" href="${safeHref(run.valuesHref)}">${run.valuesShown ? "Hide the code and the token" : "Show the code and the token"}</a></p>`}</div>`;
}

const stateOfUse = ({ spent, asked }: TrialRun): State =>
  !spent ? "later" : asked.some(({ act, answer }) => act === "userinfo" && answer?.ok) ? "done" : "now";

/** The script counts; without it the moment stands there. */
const codeClock = ({ expiresAt, secondsLeft }: NonNullable<TrialRun["code"]>): Html =>
  secondsLeft === 0
    ? html`<p class="warning"><span>The code ended at ${momentOf(expiresAt)}.</span></p>`
    : html`<p>The code works until ${momentOf(expiresAt)}<span data-seconds-left="${secondsLeft}" data-over=": it is over"></span>.</p>`;

function askedBlock({ id, act, at, milliseconds, request, answer }: TrialRun["asked"][number], region?: string): Html {
  const { label, said } = ACTS[act];
  return html`<details class="asked" id="${id}" open><summary>${label} <span class="badge ${answer?.ok ? "good" : "bad"}">${answer ? answer.text.split("\n", 1)[0] : "no answer"}</span></summary>
<p class="muted">${momentOf(at)}${milliseconds !== undefined && html`, ${milliseconds} ms`}${region !== undefined && html`, region ${region}`}. ${said}</p>
${talkBlocks(id, { request, ...(answer && { answer }) })}</details>`;
}

function offerForms(acts: readonly Act[], form: ReturnType<FormTo>): Content {
  if (acts.length === 0) return undefined;
  return formOf(
    form,
    html`<div class="buttons">${acts.map((act) => html`<button class="${ACTS[act].kind} fit" type="submit" name="act" value="${act}">${ACTS[act].label}</button>`)}</div>`,
  );
}

/** What can be asked: what its button says, and what is to be learnt from the answer. */
const ACTS = {
  exchange: { step: 4, kind: "primary", label: "Exchange the code", said: "" },
  "wrong-secret": {
    step: 4,
    kind: "secondary",
    label: "With a wrong secret",
    said: "Nothing is spent: the code still works.",
  },
  "wrong-redirect-uri": {
    step: 4,
    kind: "secondary",
    label: "With a wrong redirect URI",
    said: "It must be the one of step one. After ten refusals a code is dead.",
  },
  "wrong-verifier": {
    step: 4,
    kind: "secondary",
    label: "With a wrong code verifier",
    said: "Somebody who stole a code has no verifier for it.",
  },
  "no-origin": {
    step: 4,
    kind: "secondary",
    label: "Without an origin",
    said: "The app lists origins, so each exchange must carry one of them.",
  },
  expire: {
    step: 4,
    kind: "secondary",
    label: "After its time",
    said: "The code’s life was cut short for this. Begin another login to go on.",
  },
  reuse: {
    step: 5,
    kind: "secondary",
    label: "Use the code again",
    said: "Two parties hold this code and nobody can tell which is the thief, so its token has ended too.",
  },
  userinfo: { step: 5, kind: "primary", label: "Ask whose token it is", said: "" },
  api: { step: 5, kind: "secondary", label: "Call me.json", said: "" },
  introspect: {
    step: 5,
    kind: "secondary",
    label: "Look into the token",
    said: "As your app’s own server may, with its secret (RFC 7662).",
  },
  revoke: {
    step: 5,
    kind: "secondary",
    label: "Revoke the token",
    said: "From now on it is refused, wherever it is sent.",
  },
} as const;
