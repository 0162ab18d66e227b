import { choiceField, formOf, problemSummary, submitButton, textField } from "../forms.ts";
import { type Content, html } from "../html.ts";
import { type AppFrame, appPage, copyable, type FormTo, type Problems } from "./app-frame.ts";
import { freshSecret, type SecretRow, secretList } from "./app-secrets.ts";
import { redirectUriPanel, type UriTest } from "./redirect-uris.ts";

export interface CredentialsProps extends AppFrame {
  formTo: FormTo;
  /** Whether the role may change anything; else the page only shows. */
  mayChange: boolean;
  isPublic: boolean;
  /** Shown this once. */
  fresh?: string | undefined;
  secrets: readonly SecretRow[];
  redirectUris: readonly { uri: string; note?: string | undefined }[];
  uriExample: string;
  /** What was typed and refused, by field. */
  typed?: Readonly<Record<string, string>> | undefined;
  problems?: Problems | undefined;
  uriTest?: UriTest | undefined;
  origins: readonly string[];
  tokens: string;
  codeLifetimeSeconds: number;
  /** What is stored, where somebody else changed it meanwhile. */
  storedTokens?: string | undefined;
  storedLifetime?: string | undefined;
  endpoints: readonly { label: string; url: string }[];
  originCurl: string;
}

/** Everything by which the app and the server know each other. */
export function credentialsPage(props: CredentialsProps): string {
  const { app, fresh, problems, isPublic, endpoints } = props;
  return appPage(
    props,
    "Credentials",
    html`${problemSummary(problems)}
${fresh !== undefined && freshSecret(fresh, app.clientId)}
<section class="panel"><h2>Client id</h2><p>${copyable("client-id", app.clientId, "client id")}</p>
<p class="muted">${isPublic ? "A public app: it has no secret and sends a code_challenge (PKCE) with each login." : "A confidential app: its server exchanges codes with a secret."}</p></section>
${!isPublic && secretList(props)}
${redirectUriPanel(props)}
${originPanel(props)}
${tokenPanel(props)}
<section class="panel"><h2>Endpoints</h2><dl>${endpoints.map(({ label, url }, index) => html`<div><dt>${label}</dt><dd>${copyable(`endpoint-${index}`, url, label)}</dd></div>`)}</dl>
<p class="muted">One address for all regions: codes and tokens find their own.</p></section>`,
    problems !== undefined,
  );
}

function originPanel({ formTo, mayChange, origins, typed, problems, originCurl }: CredentialsProps): Content {
  return html`<section class="panel"><h2>Allowed origins</h2>
<p class="muted">With a list, each exchange must carry one of these in its Origin header, as browsers do; without one it is not looked at. It keeps other sites’ pages out. It stops no program, for those write into the header what they like.</p>
${origins.length > 0 && html`<ul class="rows">${origins.map((origin) => html`<li><code>${origin}</code>${mayChange && formOf(formTo("/credentials/origins/remove", { origin }), html`<button class="quiet" type="submit" aria-label="Remove ${origin}">Remove</button>`)}</li>`)}</ul>`}
${mayChange && formOf(formTo("/credentials/origins"), html`${textField({ name: "origin", label: "Origin", value: typed?.origin ?? "", problem: problems?.origin, hint: "Scheme, host and port, e.g. https://app.example.com" })}<button class="secondary fit" type="submit">Add origin</button>`)}
<p>See for yourself: answered with 403 when a list lacks the origin.</p><pre class="mail">${originCurl}</pre></section>`;
}

function tokenPanel(props: CredentialsProps): Content {
  const { formTo, mayChange, tokens, codeLifetimeSeconds, typed, problems, storedTokens, storedLifetime } = props;
  if (!mayChange)
    return html`<section class="panel"><h2>Codes and tokens</h2><p>Codes live ${codeLifetimeSeconds} seconds; tokens are ${tokens}.</p></section>`;
  const hint = `60 to 900. A code is used within seconds; shorter is safer.${storedLifetime === undefined ? "" : ` Stored now: ${storedLifetime}.`}`;
  return html`<section class="panel"><h2>Codes and tokens</h2>
${formOf(
  formTo("/credentials/tokens"),
  html`${textField({ name: "codeLifetimeSeconds", label: "A code lives, in seconds", value: typed?.codeLifetimeSeconds ?? String(codeLifetimeSeconds), problem: problems?.codeLifetimeSeconds, hint })}
${choiceField({
  name: "tokens",
  label: storedTokens === undefined ? "Access tokens" : `Access tokens (stored now: ${storedTokens})`,
  value: typed?.tokens ?? tokens,
  problem: problems?.tokens,
  choices: [
    { value: "permanent", label: "Permanent", hint: "Until they are revoked. Nothing to renew." },
    { value: "expiring", label: "Expiring", hint: "One hour, with a refresh token that is renewed at each use." },
  ],
})}${submitButton("Save")}`,
)}</section>`;
}
