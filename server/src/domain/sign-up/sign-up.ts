import type { Deps } from "../../deps.ts";
import { hashSecret, newSecret } from "../../secrets.ts";
import { normaliseEmail } from "../accounts/email.ts";
import type { Region } from "../regions/regions.ts";

/**
 * A sign-up under way, as its pages carry it, sealed: nothing personal is kept anywhere before the e-mail is proven.
 *
 * Whether the e-mail is proven says the row in the region, found by the hash of `secret`.
 */
export interface SignUp {
  secret: string;
  /** As it was typed. */
  email: string;
  /** Where the account is to live. */
  region: string;
  /** SHA-256 of the browser's id: the page is worth nothing in another one. */
  browser: string;
}

export const newSignUp = (email: string, region: string, browserId: string): SignUp => ({
  secret: newSecret(),
  email,
  region,
  browser: hashSecret(browserId),
});

export const sealSignUp = (deps: Deps, signUp: SignUp): string => deps.keys.seal("sign-up", signUp);

/** `undefined` alike for what was changed on its way and for another browser's. */
export function openSignUp(deps: Deps, sealed: string | undefined, browserId: string | undefined): SignUp | undefined {
  const signUp = deps.keys.open("sign-up", sealed ?? "") as SignUp | undefined;
  return browserId !== undefined && signUp?.browser === hashSecret(browserId) ? signUp : undefined;
}

/** The row's key. */
export const hashOf = ({ secret }: SignUp): string => hashSecret(secret);

/** Keyed, because eight digits are tried in no time; bound to its sign-up and e-mail, so that it proves no other. */
export const codeHashOf = (deps: Deps, signUp: SignUp, code: string): string =>
  deps.keys.hmac("sign-up", `${hashOf(signUp)} ${normaliseEmail(signUp.email)} ${code}`);

/** `undefined` where the region is no longer there. */
export const regionOfSignUp = (deps: Deps, { region }: SignUp): Region | undefined => deps.regions.find(region);
