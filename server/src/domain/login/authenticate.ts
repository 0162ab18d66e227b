import type { Deps } from "../../deps.ts";
import { hashSecret, newSecret } from "../../secrets.ts";
import { normaliseEmail } from "../accounts/email.ts";
import { requireStaying } from "../moving/staying.ts";
import { ACCOUNT_LOGINS, ADDRESS_LOGINS, addressBudgetKey, secondsBlocked, type Window } from "./failure-budgets.ts";
import { findHome } from "./find-home.ts";
import type { KnownUsers } from "./memberships.ts";
import { type Session, sessionCookie } from "./sessions.ts";

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

const PASSWORD_LENGTH_MAX = 1_024;
/** More failures than anybody has, and no more than PostgreSQL's INTEGER holds. */
const NO_LIMIT = 2 ** 31 - 1;

/**
 * Signs a person in by e-mail and password.
 *
 * An unknown e-mail, a wrong password and an account of another region look alike and cost alike: the unknown e-mail gets
 * a decoy region by HMAC, and the same reads, the same hash and the same writes there. So it is while the directory is
 * down, when every region is asked.
 * @throws {TooBusy} too many are signing in at once.
 */
export async function authenticate(deps: Deps, signIn: SignIn): Promise<SignInResult> {
  const emailKey = normaliseEmail(signIn.email) ?? "";
  const addressKey = addressBudgetKey(deps, ADDRESS_LOGINS, signIn.address);
  const home = await findHome(deps, emailKey, addressKey, ACCOUNT_LOGINS);
  const { region, account, limit, accountKey } = home;

  const now = region.now();
  const blocked = (window: Window | undefined, address: Window | undefined) =>
    deps.config.limits
      ? Math.max(secondsBlocked(limit, window, now), secondsBlocked(ADDRESS_LOGINS, address, deps.now()))
      : 0;
  const blockedSeconds = blocked(home.budget, home.addressBudget);
  if (blockedSeconds > 0) return { signedIn: false, blockedSeconds };

  const right =
    signIn.password.length <= PASSWORD_LENGTH_MAX &&
    (await deps.passwords.verify(account?.passwordHash ?? null, signIn.password));
  if (!right || !account?.passwordHash) {
    const { ofAccount, ofAddress } = await home.countFailure(() =>
      deps.directory.budgets.count(addressKey, deps.now(), ADDRESS_LOGINS.windowSeconds),
    );
    // The failure that uses up the budget is still answered as what it is; those after it are not.
    const over = (window: Window) => ({ ...window, failures: window.failures - 1 });
    return { signedIn: false, blockedSeconds: blocked(over(ofAccount), ofAddress && over(ofAddress)) };
  }

  const secret = newSecret();
  const { accountId, email } = account;
  const session = { sessionHash: hashSecret(secret), accountId, remember: signIn.remember };
  const users = await region.store.sessions.start(
    { ...session, at: now, userAgent: signIn.userAgent.slice(0, 300) },
    account.passwordHash,
    {
      key: accountKey,
      windowStartedAfter: now - limit.windowSeconds,
      failuresMax: deps.config.limits ? limit.failuresMax : NO_LIMIT,
    },
    signIn.clientId,
  );
  if (!users) await requireStaying(region, "account", accountId);
  if (!users) return { signedIn: false, blockedSeconds: limit.windowSeconds };
  await signIn.replaces?.region.store.sessions.end(signIn.replaces.sessionHash);
  return {
    signedIn: true,
    cookie: sessionCookie(region.name, secret),
    session: { ...session, email, createdAt: now, authenticatedAt: now, lastUsedAt: now, region },
    known: { region, users },
  };
}
