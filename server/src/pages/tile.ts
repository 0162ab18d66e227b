import { type Html, html, withoutBidiControls } from "./html.ts";

/**
 * The picture of an app or of an installation.
 *
 * Only `data:` images and paths of this server are shown: icons are registered as addresses on other hosts, and loading
 * one would tell a stranger who logs in where and when. Everyone else gets a tile with initials.
 */
export function tile(name: string, image: string): Html {
  const shown =
    /^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*$/.test(image) || /^\/(?![/\\])[\x21-\x7e]*$/.test(image);
  if (shown) return html`<img class="tile" src="${image}" alt="" width="40" height="40">`;
  return html`<span class="tile" data-hue="${hueOf(name)}" aria-hidden="true">${initials(name)}</span>`;
}

/** Beside an installation's name: two may be called the same. */
export const regionBadge = (region: string): Html =>
  html`<span class="badge"><span class="unseen">Region </span>${region}</span>`;

function initials(name: string): string {
  const words = withoutBidiControls(name).match(/[\p{L}\p{N}]+/gu) ?? [];
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words.slice(0, 1);
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}

/** One of six hues, the same for the same name. */
function hueOf(name: string): number {
  let sum = 0;
  for (const character of name.slice(0, 64)) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % 6;
}
