import { formOf, textField } from "../forms.ts";
import { type Content, html, momentOf, named } from "../html.ts";
import { copyable, type FormTo, type Problems } from "./app-frame.ts";

export interface SecretRow {
  secretId: string;
  name: string;
  hint: string;
  createdAt: number;
  lastUsedAt: number | null;
  expiresAt: number | null;
  expired: boolean;
  /** It was used within a day: revoking it wants the app's name. */
  inUse: boolean;
}

/** The one time that a secret is shown. */
export const freshSecret = (secret: string, clientId: string): Content =>
  html`<section class="panel fresh"><h2>Your new secret: copy it now</h2>
<p>It is shown this once and stored nowhere; we keep only its hash. Never put it into a page, an app or a repository.</p>
<p>${copyable("fresh-secret", secret, "secret")}</p>
<p class="muted">For your <code>.env</code></p>
<pre class="mail" id="fresh-env">LATCHKEY_CLIENT_ID=${clientId}
LATCHKEY_CLIENT_SECRET=${secret}</pre>
<p><button class="quiet" type="button" data-copies="fresh-env" data-done="Copied" hidden>Copy both lines</button></p></section>`;

interface SecretListProps {
  formTo: FormTo;
  mayChange: boolean;
  secrets: readonly SecretRow[];
  app: { name: string };
  problems?: Problems | undefined;
}

export function secretList(props: SecretListProps): Content {
  const { formTo, mayChange, secrets } = props;
  return html`<section class="panel"><h2>Secrets</h2>
<p class="muted">Several work at once, so that one can be replaced without a pause: add one, deploy it, end the old one.</p>
<ul class="rows">${secrets.map((secret) => row(secret, props))}</ul>
${mayChange && formOf(formTo("/credentials/secrets"), html`${textField({ name: "secretName", label: "Name of a new secret", value: "", hint: "For you alone, e.g. production. May be empty." })}<button class="secondary fit" type="submit">Add secret</button>`)}</section>`;
}

const OVERLAPS = [
  { seconds: 0, label: "now" },
  { seconds: 3_600, label: "in an hour" },
  { seconds: 86_400, label: "in 24 hours" },
  { seconds: 604_800, label: "in 7 days" },
] as const;

function row(secret: SecretRow, { formTo, mayChange, app, problems }: SecretListProps): Content {
  const { secretId, name, hint, createdAt, lastUsedAt, expiresAt, expired, inUse } = secret;
  const base = `/credentials/secrets/${secretId}`;
  const [typed, sure] = [`typed.${secretId}`, `sure.${secretId}`];
  const revoke = inUse
    ? textField({
        name: typed,
        label: "It was used within a day. Type the app’s name to revoke it",
        value: "",
        problem: problems?.[typed],
        hint: app.name,
      })
    : html`<label class="check"><input type="checkbox" name="sure" value="yes" required>Whatever still uses this secret fails at once</label>${problems?.[sure] && html`<p class="field-problem">${problems[sure]}</p>`}`;
  return html`<li><div class="words"><span><code>…${hint}</code> ${name && named(name)} ${expired && html`<span class="badge bad">Ended</span>`}</span>
<span class="muted">Made ${momentOf(createdAt)} · ${lastUsedAt === null ? "never used" : html`last used in the hour of ${momentOf(lastUsedAt)}`}${expiresAt !== null && html` · ${expired ? "ended" : "ends"} ${momentOf(expiresAt)}`}</span></div>
${
  mayChange &&
  html`<details ${(problems?.[typed] ?? problems?.[sure]) && html`open`}><summary>Replace or revoke</summary><div class="menu-body">
${
  !expired &&
  formOf(
    formTo(`${base}/rotate`),
    html`<p>A new secret at once; this one ends</p><div class="buttons">${OVERLAPS.map(({ seconds, label }) => html`<button class="secondary fit" type="submit" name="overlap" value="${seconds}">${label}</button>`)}</div>`,
  )
}
${formOf(formTo(`${base}/revoke`), html`${revoke}<button class="secondary fit" type="submit">Revoke</button>`)}</div></details>`
}</li>`;
}
