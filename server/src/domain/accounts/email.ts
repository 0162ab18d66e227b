import { domainToASCII } from "node:url";

/** RFC 5321 §4.5.3.1. */
const LENGTH_MAX = 254;
const LOCAL_LENGTH_MAX = 64;

/** Letters of any script, digits, and what HTML's e-mail field takes besides. No quotes, no comments: nobody logs in with those. */
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/;

/**
 * The one spelling under which an e-mail is found, or `undefined` when the text is none.
 *
 * White space around it goes, Unicode is composed (NFC), everything becomes lower case, and the domain is written in
 * ASCII, as browsers send it. Dots and `+tags` of the local part stay: only the receiving host knows what they mean.
 *
 * @example normaliseEmail(" Dana.Lee@Bücher.Example ") // "dana.lee@xn--bcher-kva.example"
 */
export function normaliseEmail(text: string): string | undefined {
  if (text.length > 2 * LENGTH_MAX) return undefined;
  const email = trimmedEmail(text).toLowerCase().normalize("NFC");
  const at = email.lastIndexOf("@");
  const local = email.slice(0, Math.max(at, 0));
  const written = email.slice(at + 1);
  // The URL parser would also read numbers as addresses; only names that need it are given to it.
  const domain = /^[\x21-\x7e]*$/.test(written) ? written : domainToASCII(written);
  if (local.length > LOCAL_LENGTH_MAX || !LOCAL.test(local) || !DOMAIN.test(domain)) return undefined;
  const key = `${local}@${domain}`;
  return key.length <= LENGTH_MAX ? key : undefined;
}

/** The e-mail as its owner writes it. */
export const trimmedEmail = (text: string): string => text.trim().normalize("NFC");
