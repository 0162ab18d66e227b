import { html as tagged } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** Finished HTML, which `html` takes over as it is. Everything else is escaped. */
export type Html = HtmlEscapedString;

/** What a template may hold. Objects and promises do not compile, so a page is always whole and synchronous. */
export type Content = Html | string | number | boolean | null | undefined | readonly Content[];

/**
 * A template whose values are escaped for text and for quoted attributes, and for nothing else:
 * attributes are always quoted, lists are arrays (a `join` would be escaped as text), addresses go through `safeHref`.
 * `false`, `true`, `null` and `undefined` print nothing.
 */
export function html(strings: TemplateStringsArray, ...values: Content[]): Html {
  return tagged(strings, ...values) as Html; // A promise comes back only where one went in.
}

/**
 * The address itself if a link or a form may point at it, else `undefined`: a path of this server, `https:`,
 * or `http:` on a loopback host. Escaping does nothing against `javascript:`; this does.
 */
export function safeHref(address: string): string | undefined {
  // Browsers drop tabs and newlines inside addresses and read `\` as `/`, so "/\t/evil.example" is another host.
  if (/[\\\p{Cc}]/u.test(address)) return undefined;
  if (/^\/(?!\/)/.test(address)) return address;
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname } = new URL(address);
  if (protocol === "https:") return address;
  return protocol === "http:" && LOOPBACK_HOSTS.has(hostname) ? address : undefined;
}

const LOOPBACK_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * A name somebody chose, as text that cannot disturb its surroundings: isolated, and without the invisible characters
 * that would turn "gro.elpmaxe" around inside it.
 */
export function named(name: string): Html {
  return html`<bdi>${withoutBidiControls(name)}</bdi>`;
}

export function withoutBidiControls(text: string): string {
  return text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
}

/** A value as a developer must see it: invisible characters written out (`\u{202e}`), and cut at 2,048 characters. */
export function visible(text: string): string {
  const shown = text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return shown.length > SHOWN_CHARACTERS_MAX ? `${shown.slice(0, SHOWN_CHARACTERS_MAX)}…` : shown;
}

const SHOWN_CHARACTERS_MAX = 2048;

/** @param iso a moment in ISO 8601, UTC. */
export const moment = (iso: string): Html =>
  html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`;

/** @param at seconds since 1970 UTC. */
export const momentOf = (at: number): Html => moment(new Date(at * 1000).toISOString());
