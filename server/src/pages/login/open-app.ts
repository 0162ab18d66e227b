import { html, named } from "../html.ts";
import { layout } from "../layout.ts";

export interface OpenAppProps {
  app: { name: string };
  /** The redirect URI of a private scheme, with the answer appended. */
  uri: string;
  /** The user said no, and the app is told so. */
  refused: boolean;
}

/**
 * The end of a login whose app is opened by a scheme of its own. The script opens it once; the link is for everyone else,
 * and for the second try, which browsers want a click for.
 *
 * @throws {Error} if the URI's scheme is one a browser would run, read or fetch: registration refuses them,
 *   and this is the place where one that slipped through would do harm.
 */
export function openAppPage({ app, uri, refused }: OpenAppProps): string {
  if (!isPrivateUri(uri)) throw new Error("This redirect URI may not be opened from a page.");
  const name = named(app.name);
  return layout(
    { title: refused ? "Sign-in cancelled" : `Opening ${app.name}` },
    html`<h1>${refused ? "Sign-in cancelled" : "You are signed in"}</h1>
<p>${refused ? html`${name} was given no access.` : html`${name} opens now. If it does not, use the button.`}</p>
<p><a class="primary" href="${uri}" data-open>${refused ? html`Go back to ${name}` : html`Open ${name}`}</a></p>
<p class="muted">It is safe to close this window.</p>`,
  );
}

function isPrivateUri(uri: string): boolean {
  if (/[\s\p{Cc}]/u.test(uri) || !URL.canParse(uri)) return false;
  const scheme = new URL(uri).protocol.slice(0, -1);
  return !FORBIDDEN_SCHEMES.has(scheme) && !scheme.startsWith("ms-");
}

const FORBIDDEN_SCHEMES = new Set(
  (
    "http https javascript data vbscript file blob about ws wss ftp ftps filesystem view-source intent mailto tel sms " +
    "urn jar resource chrome chrome-extension moz-extension"
  ).split(" "),
);
