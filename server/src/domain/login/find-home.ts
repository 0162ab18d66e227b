import type { Deps } from "../../deps.ts";
import { OAuthError } from "../../errors.ts";
import type { SignInRecord } from "../../store/region/sign-ins.ts";
import { findSignIn } from "../accounts/email-keys.ts";
import type { Region } from "../regions/regions.ts";
import { isUnavailable, withoutDirectory } from "../unavailable.ts";
import { emailBudgetKey, type FailureLimit, type Window } from "./failure-budgets.ts";

/** Where the account of an e-mail lives, or, of one that has none, where its decoy does; and what is known of it there. */
export interface Home extends SignInRecord {
  region: Region;
  /** The failures of the caller's address; unknown while the directory is down. */
  addressBudget: Window | undefined;
  /** Half of it while the directory is down, because then addresses are not counted. */
  limit: FailureLimit;
  /** The budget's name in the region. */
  accountKey: string;
  /**
   * Counts a failure of the account, and by `countAddress` one of the address.
   *
   * @throws {OAuthError} `temporarily_unavailable`, where a region that does not answer may have the account instead.
   */
  countFailure(countAddress: () => Promise<Window>): Promise<{ ofAccount: Window; ofAddress: Window | undefined }>;
}

/**
 * The home of an e-mail, by the directory's route.
 *
 * While the directory is down every region is asked at once, the same for all e-mails. With a region down too, only who
 * can sign in does: all others, also those who were found, are told that it cannot be known.
 * @param emailKey  a normalised e-mail, or empty for what is none.
 */
export const findHome = (deps: Deps, emailKey: string, addressKey: string, limit: FailureLimit): Promise<Home> =>
  withoutDirectory(
    () => homeByRoute(deps, emailKey, addressKey, limit),
    () => homeByAsking(deps, emailKey, limit),
  );

async function homeByRoute(deps: Deps, emailKey: string, addressKey: string, limit: FailureLimit): Promise<Home> {
  const route = await findSignIn(deps, emailKey, addressKey);
  const region = (route.account && deps.regions.find(route.account.region)) ?? decoyRegion(deps, emailKey);
  const accountKey = emailBudgetKey(deps, limit, emailKey);
  const found = await region.store.signIns.find(emailKey, accountKey);
  return homeOf({ ...found, region, addressBudget: route.budget, limit, accountKey }, true);
}

async function homeByAsking(deps: Deps, emailKey: string, whole: FailureLimit): Promise<Home> {
  const limit = { ...whole, failuresMax: Math.floor(whole.failuresMax / 2) };
  const accountKey = emailBudgetKey(deps, limit, emailKey);
  const asked = await Promise.all(
    deps.regions.all.map(async (region) => {
      try {
        return { region, ...(await region.store.signIns.find(emailKey, accountKey)) };
      } catch (error) {
        if (isUnavailable(error)) return undefined;
        throw error;
      }
    }),
  );
  const answers = asked.filter((answer) => answer !== undefined);
  const having = answers.filter(({ account }) => account);
  // On its way to another region an account stands in both, and only the directory knows where it lives.
  if (having.length > 1) throw cannotBeKnown();
  const decoy = decoyRegion(deps, emailKey);
  const found = having[0] ?? answers.find(({ region }) => region === decoy) ?? answers[0];
  if (!found) throw cannotBeKnown();
  return homeOf({ ...found, addressBudget: undefined, limit, accountKey }, answers.length === asked.length);
}

const homeOf = (home: Omit<Home, "countFailure">, certain: boolean): Home => ({
  ...home,
  async countFailure(countAddress) {
    const { region, accountKey, limit } = home;
    const [ofAccount, ofAddress] = await Promise.all([
      region.store.budgets.count(accountKey, region.now(), limit.windowSeconds),
      withoutDirectory(countAddress, () => undefined),
    ]);
    if (!certain) throw cannotBeKnown();
    return { ofAccount, ofAddress };
  },
});

const cannotBeKnown = () =>
  new OAuthError("temporarily_unavailable", "Not everybody can sign in right now. Try again in a few minutes.", {
    retryAfterSeconds: 5,
    detail: "the directory is down, and a region is, or has the account of another: nobody can tell where it lives",
  });

/** Always the same one for an e-mail, or asking twice would tell. */
export function decoyRegion(deps: Deps, emailKey: string): Region {
  const number = Buffer.from(deps.keys.hmac("decoy", emailKey), "base64url").readUInt32BE(0);
  const region = deps.regions.all[number % deps.regions.all.length];
  if (!region) throw new Error("There is no region.");
  return region;
}
