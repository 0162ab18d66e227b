import { randomInt } from "node:crypto";
import type { Deps } from "../../deps.ts";
import { hashSecret, newSecret } from "../../secrets.ts";
import { normaliseEmail, trimmedEmail } from "../accounts/email.ts";
import { findSignIn } from "../accounts/email-keys.ts";
import { newAccountId } from "../accounts/find-or-make.ts";
import {
  addressBudgetKey,
  countOneMore,
  emailBudgetKey,
  type FailureLimit,
  minutes,
} from "../login/failure-budgets.ts";
import { decoyRegion } from "../login/find-home.ts";
import { sealLetter } from "../mail/letters.ts";
import { hasWayIn } from "../portal/ways-in.ts";
import { type Problems, problemsOf } from "../refused.ts";
import { isSandboxEmail } from "../teams/sandbox.ts";
import { isUnavailable } from "../unavailable.ts";
import { codeHashOf, hashOf, newSignUp, type SignUp } from "./sign-up.ts";

export const CODE_DIGITS = 8;
export const CODE_SECONDS = 15 * 60;

/** Mails to one e-mail: more would only fill somebody's mailbox, and be more codes to guess. */
const EMAIL_CODES: FailureLimit = { name: "sign-up", failuresMax: 4, windowSeconds: 3_600 };
/** Mails asked for from one address, whatever the e-mails. */
const ADDRESS_CODES: FailureLimit = { name: "sign-ups", failuresMax: 30, windowSeconds: 3_600 };

export interface SignUpRequest {
  /** As it was typed. */
  email: string;
  /** The name of the region that was chosen. */
  region: string;
  browserId: string;
  /** An IPv4 address or an IPv6 /64: what budgets go by. */
  address: string;
  /** The sign-up whose code did not come; it ends. */
  replaces?: SignUp | undefined;
}

export interface NotBegun {
  problems: Problems;
  /** Of limits: how long to wait. */
  waitSeconds?: number;
}

/**
 * Mails a code to whoever wants to sign up.
 *
 * An e-mail that has an account costs the same reads and writes and looks the same: it gets a mail that says so instead,
 * and a code that nobody knows. Both are queued in the region that was chosen, whoever the account belongs to.
 * @throws {DatabaseUnavailable} the directory, or the region that was chosen, does not answer.
 */
export async function beginSignUp(deps: Deps, request: SignUpRequest): Promise<{ signUp: SignUp } | NotBegun> {
  const emailKey = normaliseEmail(request.email);
  const region = deps.regions.find(request.region);
  const isEmail = emailKey !== undefined && !isSandboxEmail(emailKey);
  const problems = problemsOf({
    email: isEmail ? undefined : "Enter an e-mail address, such as name@example.com.",
    region: region ? undefined : "Choose where your data is to be kept.",
  });
  if (problems || emailKey === undefined || !region) return { problems: problems ?? {} };
  const signUp = newSignUp(trimmedEmail(request.email), region.name, request.browserId);
  await region.store.signUps.findLive(hashOf(signUp), region.now()); // one that does not answer costs nobody a code
  const wait = await secondsToWait(deps, emailKey, request.address);
  if (wait > 0)
    return { problems: { email: `Too many codes were asked for. Try again in ${minutes(wait)}.` }, waitSeconds: wait };

  const known = await isKnown(deps, emailKey, addressBudgetKey(deps, ADDRESS_CODES, request.address));
  const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, "0");
  const createdAt = region.now();
  const record = {
    signUpHash: hashOf(signUp),
    codeHash: known ? hashSecret(newSecret()) : codeHashOf(deps, signUp, code),
    createdAt,
    expiresAt: createdAt + CODE_SECONDS,
  };
  const { mailId, sealedMessage } = sealLetter(
    deps.keys,
    known
      ? { template: "accountExists", to: signUp.email, props: addressesOf(deps) }
      : { template: "signUpCode", to: signUp.email, props: { code, minutes: CODE_SECONDS / 60 } },
  );
  const { signUps, mails } = region.store;
  const ended = request.replaces?.region === region.name ? hashOf(request.replaces) : undefined;
  await signUps.make(record, ended, [mails.enqueueing(mailId, sealedMessage, createdAt)]);
  deps.postman.wake(region.name);
  return { signUp };
}

const addressesOf = ({ config: { url } }: Deps) => ({
  signInHref: `${url}/portal`,
  forgotHref: `${url}/login/forgot-password`,
});

/** Counts one more, of the address first: one that is over its limit uses up nobody's e-mail. */
async function secondsToWait(deps: Deps, emailKey: string, address: string): Promise<number> {
  const counts = [
    [ADDRESS_CODES, addressBudgetKey(deps, ADDRESS_CODES, address)],
    [EMAIL_CODES, emailBudgetKey(deps, EMAIL_CODES, emailKey)],
  ] as const;
  for (const [limit, key] of counts) {
    const wait = await countOneMore(deps, limit, key);
    if (wait > 0) return wait;
  }
  return 0;
}

/**
 * Whether the e-mail has an account that can come in, by the same reads for one that has and one that has not: the
 * unknown e-mail gets a decoy region and a decoy account. An account that lost its last way in may sign up for another.
 */
async function isKnown(deps: Deps, emailKey: string, addressKey: string): Promise<boolean> {
  const { account: route } = await findSignIn(deps, emailKey, addressKey);
  const home = (route && deps.regions.find(route.region)) ?? decoyRegion(deps, emailKey);
  const [account, canComeIn] = await Promise.all([
    home.store.accounts.findByEmailKey(emailKey).catch((error: unknown) => {
      if (isUnavailable(error)) return route; // a route is there for an account's sake, but for a crash
      throw error;
    }),
    hasWayIn(deps, route?.accountId ?? newAccountId()),
  ]);
  return account !== undefined && canComeIn;
}
