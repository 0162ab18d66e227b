import { isCommonPassword } from "./common-passwords.ts";

/** Of the ways to make a password stronger only length asks little of people (NIST SP 800-63B §3.1.1.2). */
const LENGTH_MIN = 12;
const LENGTH_MAX = 1_024;

/** 12 digits take minutes to try on a stolen hash's machine, 20 do not. */
const DIGITS_ALONE_MIN = 20;

/**
 * Why a password may not be chosen, as a sentence for its field, or `undefined` when it may.
 *
 * No rules about kinds of characters: they make people choose `Password123!`. What falls instead is what guessing
 * programs try first: common passwords, repetitions, rows of the keyboard, and the words of this very login.
 * @param emailKey  the account's normalised e-mail.
 * @example passwordProblem("summer2026", "dana@acme.test")         // "Use at least 12 characters. …"
 * @example passwordProblem("correct-horse-lamp", "dana@acme.test") // undefined
 */
export function passwordProblem(password: string, emailKey: string): string | undefined {
  const normal = password.normalize("NFKC");
  const length = [...normal].length;
  if (length < LENGTH_MIN) return `Use at least ${LENGTH_MIN} characters. A few unrelated words are easy to remember.`;
  if (length > LENGTH_MAX) return "Use at most 1,024 characters.";
  const lower = normal.toLowerCase();
  if (namesTheLogin(lower, emailKey)) return "Leave out your e-mail address and the name of this login.";
  if (/^\d+$/.test(lower) && length < DIGITS_ALONE_MIN) return "Digits alone are guessed quickly. Add some words.";
  if (isRepetition(lower) || isMostlyARow(lower)) return "This is a simple pattern. Choose something less regular.";
  if (isCommonPassword(lower)) return "Too many people use this password. Choose another one.";
  return undefined;
}

/** A shorter part of an e-mail turns up in words by chance. */
const TELLING_LENGTH_MIN = 4;

function namesTheLogin(password: string, emailKey: string): boolean {
  const [name = ""] = emailKey.split(/[@+]/, 1);
  return password.includes("latchkey") || (name.length >= TELLING_LENGTH_MIN && password.includes(name));
}

/** `abcabcabcabc`: what is repeated would itself be too short for a password. */
function isRepetition(password: string): boolean {
  for (let period = 1; period < LENGTH_MIN && period * 2 <= password.length; period++)
    if (password.startsWith(password.slice(period))) return true;
  return false;
}

const ROWS = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "qwertzuiop",
  "azertyuiop",
];
const NEIGHBOURS = new Set(
  ROWS.flatMap((row) =>
    [...row].flatMap((key, at) => (at === 0 ? [] : [`${row[at - 1]}${key}`, `${key}${row[at - 1]}`])),
  ),
);

/** `abcdefgh1234`: three of four steps go to the same key or to the one beside it, in the alphabet or on the keyboard. */
function isMostlyARow(password: string): boolean {
  let steps = 0;
  for (let at = 1; at < password.length; at++)
    if (password[at] === password[at - 1] || NEIGHBOURS.has(password.slice(at - 1, at + 1))) steps++;
  return steps >= (password.length - 1) * 0.75;
}
