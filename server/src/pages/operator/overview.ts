import { type Content, html, momentOf } from "../html.ts";
import { type OperatorFrame, operatorPage } from "./frame.ts";

export interface OverviewProps extends OperatorFrame {
  databases: readonly { name: string; up: boolean; href?: string | undefined }[];
  /** `undefined`: the directory does not answer. */
  moves:
    | readonly {
        what: string;
        from: string;
        to: string;
        state: string;
        copiedRows: number;
        /** Why it waits; empty when it gets on. */
        problem: string;
        startedAt: number;
      }[]
    | undefined;
  waiting: { apps: number; scopes: number; href: string };
}

/** What is there, and what waits for somebody. */
export function operatorOverviewPage(props: OverviewProps): string {
  const { databases, moves, waiting } = props;
  const lost = databases.filter(({ up }) => !up).map(({ name }) => name);
  return operatorPage(
    props,
    { title: "Overview" },
    html`<h1>Overview</h1>
${lost.length > 0 && html`<p class="warning" role="status">Does not answer: ${lost.join(", ")}. All else goes on.</p>`}
<section class="panel"><h2>Waiting for you</h2>
<p><a href="${waiting.href}">${sentence(waiting.apps, waiting.scopes)}</a></p></section>
<section class="panel"><h2>Databases</h2><ul class="rows">${databases.map(({ name, up, href }) => html`<li><span class="words">${href ? html`<a href="${href}">${name}</a>` : name}</span> <span class="badge ${up ? "good" : "bad"}">${up ? "Answers" : "Does not answer"}</span></li>`)}</ul></section>
<section class="panel"><h2>Moves under way</h2>${movesTable(moves)}</section>`,
  );
}

const sentence = (apps: number, scopes: number): string =>
  apps + scopes === 0
    ? "No app waits for a review"
    : [count(apps, "app in review", "apps in review"), count(scopes, "wish for more scopes", "wishes for more scopes")]
        .filter((part) => part !== "")
        .join(", ");

const count = (many: number, one: string, more: string): string =>
  many === 0 ? "" : `${many} ${many === 1 ? one : more}`;

function movesTable(moves: OverviewProps["moves"]): Content {
  if (moves === undefined) return html`<p>They cannot be shown right now: the directory does not answer.</p>`;
  if (moves.length === 0) return html`<p class="muted">None.</p>`;
  return html`<div class="scroll"><table class="flow"><thead><tr><th scope="col">What</th><th scope="col">Way</th><th scope="col">State</th><th scope="col">Rows</th><th scope="col">Since</th></tr></thead>
<tbody>${moves.map(({ what, from, to, state, copiedRows, problem, startedAt }) => html`<tr><td>${what}</td><td>${from} to ${to}</td><td>${state}${problem !== "" && html` <span class="badge bad">${problem}</span>`}</td><td>${copiedRows}</td><td>${momentOf(startedAt)}</td></tr>`)}</tbody></table></div>`;
}
