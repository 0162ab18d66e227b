import type { Deps } from "../../deps.ts";
import { hashSecret, newSecret } from "../../secrets.ts";
import { normaliseEmail } from "../accounts/email.ts";
import { requireStaying } from "../moving/staying.ts";
import type { KnownUsers } from "./memberships.ts";
import { type Session, sessionCookie } from "./sessions.ts";
import { budgetGuard, verifyPassword } from "./verify-password.ts";

export interface SignIn {
  email: string;
  password: string;
  /** "Stay signed in for 30 days on this device". */
  remember: boolean;
  /** An IPv4 address or an IPv6 /64: what budgets go by. */
  address: string;
  userAgent: string;
  /** The browser's session so far, which ends when the new one begins. */
  replaces: Session | undefined;
  /** The app that the person is on the way to. */
  clientId: string;
}

export type SignInResult =
  | { signedIn: true; cookie: string; session: Session; known: KnownUsers }
  /** `blockedSeconds` 0: e-mail and password do not belong together. Else: too many tries, for that long. */
  | { signedIn: false; blockedSeconds: number };

/**
 * Signs a person in by e-mail and password.
 *
 * @throws {TooBusy} too many are signing in at once.
 */
export async function authenticate(deps: Deps, signIn: SignIn): Promise<SignInResult> {
  const { email, password, address } = signIn;
  const proof = await verifyPassword(deps, { emailKey: normaliseEmail(email) ?? "", password, address });
  if (!proof.right) return { signedIn: false, blockedSeconds: proof.blockedSeconds };

  const { account, region } = proof;
  const secret = newSecret();
  const { accountId, email: writtenEmail } = account;
  const now = region.now();
  const session = { sessionHash: hashSecret(secret), accountId, remember: signIn.remember };
  const users = await region.store.sessions.start(
    { ...session, at: now, userAgent: signIn.userAgent.slice(0, 300) },
    account.passwordHash,
    budgetGuard(deps, proof, now),
    signIn.clientId,
  );
  if (!users) await requireStaying(region, "account", accountId);
  if (!users) return { signedIn: false, blockedSeconds: proof.limit.windowSeconds };
  await signIn.replaces?.region.store.sessions.end(signIn.replaces.sessionHash);
  return {
    signedIn: true,
    cookie: sessionCookie(region.name, secret),
    session: { ...session, email: writtenEmail, createdAt: now, authenticatedAt: now, lastUsedAt: now, region },
    known: { region, users },
  };
}
