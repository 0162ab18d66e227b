import type { Deps } from "../../deps.ts";
import { OAuthError } from "../../errors.ts";
import { addressBudgetKey, type FailureLimit, minutes, secondsBlocked } from "../login/failure-budgets.ts";
import { findHome } from "../login/find-home.ts";
import { sealLetter } from "../mail/letters.ts";
import { normaliseEmail } from "./email.ts";
import { newAccountId } from "./find-or-make.ts";
import { LIFETIME_SECONDS, newLink } from "./links.ts";

/** Links for one account: more would only fill somebody's mailbox. Those beyond are dropped in silence. */
export const ACCOUNT_RESETS: FailureLimit = { name: "reset", failuresMax: 3, windowSeconds: 3_600 };
/** Requests from one address, whatever the accounts. */
const ADDRESS_RESETS: FailureLimit = { name: "resets", failuresMax: 60, windowSeconds: 3_600 };

export interface ResetRequest {
  /** As it was typed. */
  email: string;
  /** An IPv4 address or an IPv6 /64: what budgets go by. */
  address: string;
  /** Carried in the link's query, for the page it leads to. */
  linkQuery: string;
}

/**
 * Mails a link to choose a new password to whoever has this e-mail, also when an invitation was never accepted.
 *
 * An unknown e-mail gets a decoy region by HMAC and the same reads and writes there, down to a link of no account and
 * a letter to nobody; and the mail goes out later, from a queue. So neither answer nor time tell who has an account.
 * @returns `problems` only for what is no e-mail at all.
 * @throws {OAuthError} `slow_down`: too many requests from this address.
 */
export async function requestPasswordReset(
  deps: Deps,
  request: ResetRequest,
): Promise<{ problems: { email: string } } | undefined> {
  const emailKey = normaliseEmail(request.email);
  if (emailKey === undefined) return { problems: { email: "Enter an e-mail address, such as name@example.com." } };
  const addressKey = addressBudgetKey(deps, ADDRESS_RESETS, request.address);
  const home = await findHome(deps, emailKey, addressKey, ACCOUNT_RESETS);
  const blockedSeconds = secondsBlocked(ADDRESS_RESETS, home.addressBudget, deps.now());
  if (deps.config.limits && blockedSeconds > 0) throw tooManyRequests(blockedSeconds);

  const { region, account } = home;
  const { ofAccount } = await home.countFailure(() =>
    deps.directory.budgets.count(addressKey, deps.now(), ADDRESS_RESETS.windowSeconds),
  );
  if (deps.config.limits && ofAccount.failures > home.limit.failuresMax) return;

  const link = newLink(deps, region, {
    kind: "password_reset",
    accountId: account?.accountId ?? newAccountId(),
    installationId: null,
    userId: null,
  });
  const props = { href: `${link.href}${request.linkQuery}`, minutes: LIFETIME_SECONDS.password_reset / 60 };
  const { mailId, sealedMessage } = sealLetter(
    deps.keys,
    account ? { template: "passwordReset", to: account.email, props } : { template: "toNobody", to: "", props },
  );
  await region.store.db.batch([
    region.store.links.making(link.record),
    region.store.mails.enqueueing(mailId, sealedMessage, link.record.createdAt),
  ]);
  deps.postman.wake(region.name);
}

const tooManyRequests = (seconds: number) =>
  new OAuthError("slow_down", `Too many requests. Try again in ${minutes(seconds)}.`, { retryAfterSeconds: seconds });
