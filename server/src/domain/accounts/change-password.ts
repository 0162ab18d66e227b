import type { Deps } from "../../deps.ts";
import { actorName, auditEntry } from "../audit.ts";
import { readSessionCookie } from "../login/sessions.ts";
import { budgetGuard, verifyPassword } from "../login/verify-password.ts";
import { sealLetter } from "../mail/letters.ts";
import { requireStaying } from "../moving/staying.ts";
import type { Visitor } from "../portal/visitors.ts";
import { isSandboxEmail } from "../teams/sandbox.ts";
import { normaliseEmail } from "./email.ts";
import { type Ended, endPortalVisits } from "./own-sessions.ts";
import { passwordProblem } from "./password-rules.ts";

export interface ChangeRequest {
  current: string;
  wanted: string;
  /** An IPv4 address or an IPv6 /64: what budgets go by. */
  address: string;
  /** Of the browser that asks: its session stays, all others end. */
  cookie: string | undefined;
}

export type PasswordChanging =
  | ({ outcome: "changed" } & Ended)
  | { outcome: "refused"; problems: { current?: string; wanted?: string } }
  /** Too many wrong passwords, here or at sign-in. */
  | { outcome: "blocked"; seconds: number };

/**
 * Replaces the password of whoever knows it. Guessing it here costs the budget of logins: a portal left open is no way
 * around it.
 *
 * @throws {TooBusy} the password queue is full; nothing was changed.
 */
export async function changePassword(deps: Deps, visitor: Visitor, request: ChangeRequest): Promise<PasswordChanging> {
  const { current, wanted, address, cookie } = request;
  const emailKey = normaliseEmail(visitor.email) ?? "";
  if (isSandboxEmail(emailKey)) return OF_A_TEAM;
  const problem = passwordProblem(wanted, emailKey) ?? (wanted === current ? SAME : undefined);
  if (current === "" || problem)
    return {
      outcome: "refused",
      problems: {
        ...(current === "" && { current: "Enter your current password." }),
        ...(problem && { wanted: problem }),
      },
    };
  const proof = await verifyPassword(deps, { emailKey, password: current, address });
  if (!proof.right && proof.blockedSeconds > 0) return { outcome: "blocked", seconds: proof.blockedSeconds };
  if (!proof.right || proof.account.accountId !== visitor.accountId) return WRONG;

  const newHash = await deps.passwords.hash(wanted);
  const { region, account } = proof;
  const at = region.now();
  const change = {
    accountId: account.accountId,
    oldHash: account.passwordHash,
    newHash,
    sessionHash: readSessionCookie(cookie)?.sessionHash ?? "",
    notice: sealLetter(deps.keys, {
      template: "passwordChanged",
      to: account.email,
      props: { at, forgotHref: `${deps.config.url}/login/forgot-password` },
    }),
    budget: budgetGuard(deps, proof, at),
  };
  const entry = auditEntry(actorName(account), "password.change", account.accountId, at);
  const changed = await region.store.passwordChanges.make(change, entry);
  if (!changed) await requireStaying(region, "account", account.accountId);
  // Refused by the guards of the write: other guesses used the budget up, or the password was replaced meanwhile.
  if (!changed) return { outcome: "blocked", seconds: proof.limit.windowSeconds };
  deps.postman.wake(region.name);
  return { outcome: "changed", ...(await endPortalVisits(deps, visitor, visitor.tokenId)) };
}

const SAME = "This is your current password. Choose another one.";
const OF_A_TEAM: PasswordChanging = {
  outcome: "refused",
  problems: { wanted: "A test user keeps its password: the members of a team share it." },
};
const WRONG: PasswordChanging = { outcome: "refused", problems: { current: "This is not your current password." } };
