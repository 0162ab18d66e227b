import type { Deps } from "../../deps.ts";
import { sameText } from "../../secrets.ts";
import { CODE_DIGITS } from "./begin.ts";
import { codeHashOf, hashOf, regionOfSignUp, type SignUp } from "./sign-up.ts";

/** Of a hundred million codes. */
const TRIES_MAX = 5;
/** For a name and a password. */
const PROVEN_SECONDS = 3_600;

export type Proving =
  | { outcome: "proven" }
  /** It cannot be a code at all; no try is spent. */
  | { outcome: "unreadable" }
  | { outcome: "wrong"; triesLeft: number }
  /** Expired, replaced by a newer one, or its tries are used up. */
  | { outcome: "dead" };

/** Whether `text` is the code that was mailed. Each look at it costs one of five tries, at any server. */
export async function proveEmail(deps: Deps, signUp: SignUp, text: string): Promise<Proving> {
  const code = readCode(text);
  if (code === undefined) return { outcome: "unreadable" };
  const region = regionOfSignUp(deps, signUp);
  if (!region) return { outcome: "dead" };
  const { signUps } = region.store;
  const now = region.now();
  const spent = await signUps.spendTry(hashOf(signUp), now, TRIES_MAX);
  if (!spent) return (await isProven(deps, signUp)) ? { outcome: "proven" } : { outcome: "dead" };
  if (!sameText(spent.codeHash, codeHashOf(deps, signUp, code)))
    return spent.tries < TRIES_MAX ? { outcome: "wrong", triesLeft: TRIES_MAX - spent.tries } : { outcome: "dead" };
  await signUps.prove(hashOf(signUp), now, now + PROVEN_SECONDS);
  return { outcome: "proven" };
}

/** What people paste has blanks in it, and hyphens, and digits of their keyboard. */
function readCode(text: string): string | undefined {
  const code = text.normalize("NFKC").replace(/[\s\u200b-]/g, "");
  return new RegExp(`^\\d{${CODE_DIGITS}}$`).test(code) ? code : undefined;
}

export type SignUpState = "waiting" | "proven" | "dead";

export async function stateOf(deps: Deps, signUp: SignUp): Promise<SignUpState> {
  const region = regionOfSignUp(deps, signUp);
  const found = await region?.store.signUps.findLive(hashOf(signUp), region.now());
  if (!found) return "dead";
  return found.proven ? "proven" : "waiting";
}

export const isProven = async (deps: Deps, signUp: SignUp): Promise<boolean> =>
  (await stateOf(deps, signUp)) === "proven";
