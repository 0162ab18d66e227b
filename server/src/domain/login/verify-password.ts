import type { Deps } from "../../deps.ts";
import type { Region } from "../regions/regions.ts";
import {
  ACCOUNT_LOGINS,
  ADDRESS_LOGINS,
  addressBudgetKey,
  type FailureLimit,
  secondsBlocked,
  type Window,
} from "./failure-budgets.ts";
import { findHome } from "./find-home.ts";

export interface Claim {
  /** The normalised e-mail, or an empty text for what is none. */
  emailKey: string;
  password: string;
  /** An IPv4 address or an IPv6 /64: what budgets go by. */
  address: string;
}

export type Proof =
  | ({ right: true; region: Region; account: ProvenAccount } & Budget)
  /** `blockedSeconds` 0: e-mail and password do not belong together. Else: too many tries, for that long. */
  | { right: false; blockedSeconds: number };

export interface ProvenAccount {
  accountId: string;
  email: string;
  /** What the password was verified against: whatever is done next is done only while it is still the account's. */
  passwordHash: string;
}

/** The account's failures: under which key they are counted, and how many are allowed at present. */
interface Budget {
  accountKey: string;
  limit: FailureLimit;
}

const PASSWORD_LENGTH_MAX = 1_024;
/** More failures than anybody has, and no more than PostgreSQL's INTEGER holds. */
const NO_LIMIT = 2 ** 31 - 1;

/**
 * Whether a password is that of an e-mail's account, within the budgets of failures.
 *
 * An unknown e-mail, a wrong password and an account of another region look alike and cost alike: the unknown e-mail gets
 * a decoy region by HMAC, and the same reads, the same hash and the same writes there. So it is while the directory is
 * down, when every region is asked.
 * @throws {TooBusy} too many are signing in at once.
 */
export async function verifyPassword(deps: Deps, { emailKey, password, address }: Claim): Promise<Proof> {
  const addressKey = addressBudgetKey(deps, ADDRESS_LOGINS, address);
  const home = await findHome(deps, emailKey, addressKey, ACCOUNT_LOGINS);
  const { region, account, limit, accountKey } = home;

  const now = region.now();
  const blocked = (window: Window | undefined, address: Window | undefined) =>
    deps.config.limits
      ? Math.max(secondsBlocked(limit, window, now), secondsBlocked(ADDRESS_LOGINS, address, deps.now()))
      : 0;
  const blockedSeconds = blocked(home.budget, home.addressBudget);
  if (blockedSeconds > 0) return { right: false, blockedSeconds };

  const right =
    password.length <= PASSWORD_LENGTH_MAX && (await deps.passwords.verify(account?.passwordHash ?? null, password));
  if (right && account?.passwordHash) {
    const { accountId, email, passwordHash } = account;
    return { right, region, account: { accountId, email, passwordHash }, accountKey, limit };
  }
  const { ofAccount, ofAddress } = await home.countFailure(() =>
    deps.directory.budgets.count(addressKey, deps.now(), ADDRESS_LOGINS.windowSeconds),
  );
  // The failure that uses up the budget is still answered as what it is; those after it are not.
  const over = (window: Window) => ({ ...window, failures: window.failures - 1 });
  return { right: false, blockedSeconds: blocked(over(ofAccount), ofAddress && over(ofAddress)) };
}

/** For the write that goes by a proof: refused where other guesses used the budget up meanwhile. */
export const budgetGuard = (deps: Deps, { accountKey, limit }: Budget, now: number) => ({
  key: accountKey,
  windowStartedAfter: now - limit.windowSeconds,
  failuresMax: deps.config.limits ? limit.failuresMax : NO_LIMIT,
});
